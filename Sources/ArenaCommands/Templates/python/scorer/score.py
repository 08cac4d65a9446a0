"""Reads a JSON object a line from standard input and writes one a line: does the answer begin with a reference?"""

import json
import sys


def judge(output, references):
    """Replace this by what you need."""
    answer = output.strip().casefold()
    if any(reference and answer.startswith(reference.casefold()) for reference in references):
        return {"value": 1, "reason": "ok"}
    return {"value": 0, "reason": "wrong", "explain": "The answer begins with none of its references."}


def main():
    for line in sys.stdin:
        item = json.loads(line)
        print(json.dumps({"id": item["id"], **judge(item["output"], item.get("references", []))}), flush=True)


if __name__ == "__main__":
    main()
