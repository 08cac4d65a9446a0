"""Reads a JSON object a line from standard input and writes one a line: does the answer parse as Python?"""

import ast
import json
import re
import sys
import warnings

FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[ \t]*([\w+-]*)[^\n]*\n(.*?)^[ \t]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
PYTHON = {"", "py", "python", "python3", "py3"}


def code_of(answer):
    """The fenced Python of an answer; without any fence the answer itself."""
    blocks = [(language.lower(), code) for _, language, code in FENCE.findall(answer)]
    if not blocks:
        return answer
    return "\n".join(code for language, code in blocks if language in PYTHON)


def judge(answer):
    code = code_of(answer)
    if not code.strip():
        return {"value": 0, "reason": "no_answer", "explain": "There is no Python code in the answer."}
    try:
        ast.parse(code)
    except SyntaxError as error:
        return {"value": 0, "reason": "wrong", "explain": f"Line {error.lineno or 1}: {error.msg}."}
    except (ValueError, RecursionError, MemoryError) as error:
        return {"value": 0, "reason": "unparsable", "explain": f"The code cannot be parsed: {error}."}
    return {"value": 1, "reason": "ok"}


def main():
    warnings.simplefilter("ignore")
    for line in sys.stdin:
        item = json.loads(line)
        print(json.dumps({"id": item["id"], **judge(item["output"])}), flush=True)


if __name__ == "__main__":
    main()
