import base64

from zaffre.serving.samples import MOST_BODY, Sample, Samples


def sample(text=b"q"):
    made = Sample(1.0, "/score", "application/json")
    made.asked(text)
    made.answered(b"a")
    return made


def test_the_last_so_many_oldest_first():
    kept = Samples()
    kept.resize(2)
    for number in range(4):
        kept.add(sample(b"%d" % number), 200, 0.0015)
    found = kept.to_json()
    assert [base64.b64decode(one["request"]) for one in found] == [b"2", b"3"]
    assert (found[0]["status"], found[0]["ms"], found[0]["mirrored"]) == (200, 1.5, False)


def test_large_bodies_are_not_kept_nor_grown():
    kept, large = Samples(), sample()
    kept.resize(5)
    for _ in range(100):
        large.answered(b"x" * 1024)
    assert len(large.answer) <= MOST_BODY + 1024
    kept.add(large, 200, 0.1)
    assert kept.to_json() == []


def test_another_number_keeps_the_newest_and_none_keeps_nothing():
    kept = Samples()
    kept.add(sample(), 200, 0.1)
    assert kept.most == 0
    kept.resize(3)
    for number in range(3):
        kept.add(sample(b"%d" % number), 200, 0.1)
    kept.resize(1)
    assert [base64.b64decode(one["request"]) for one in kept.to_json()] == [b"2"]
    kept.resize(0)
    assert kept.to_json() == []
