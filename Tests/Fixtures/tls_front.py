"""TLS on a free port of 127.0.0.1, which is printed, before a server without it: tls_front.py CERTIFICATE KEY PORT

Ends when its standard input does. One thread a connection, for what two threads do with one is undefined.
"""
import select, socket, ssl, sys, threading

context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(sys.argv[1], sys.argv[2])
listener = socket.create_server(("127.0.0.1", 0))

def serve(plain):
    try:
        with context.wrap_socket(plain, server_side=True) as front, \
                socket.create_connection(("127.0.0.1", int(sys.argv[3]))) as back:
            while True:
                ready = [front] if front.pending() else select.select([front, back], [], [])[0]
                for source in ready:
                    data = source.recv(65536)
                    if not data:
                        return
                    (back if source is front else front).sendall(data)
    except OSError:
        pass

def accept():
    while True:
        threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

threading.Thread(target=accept, daemon=True).start()
print(listener.getsockname()[1], flush=True)
sys.stdin.read()
