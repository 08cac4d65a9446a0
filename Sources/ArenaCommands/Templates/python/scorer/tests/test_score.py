import pathlib
import sys
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from score import judge


class JudgeTests(unittest.TestCase):
    def test_answer_that_begins_with_a_reference_is_right(self):
        self.assertEqual(judge(" Paris, of course.", ["paris"])["value"], 1)

    def test_any_other_answer_is_wrong(self):
        self.assertEqual(judge("It is Paris.", ["Paris"])["value"], 0)
        self.assertEqual(judge("", ["Paris"])["value"], 0)
        self.assertEqual(judge("Paris", [])["value"], 0)


if __name__ == "__main__":
    unittest.main()
