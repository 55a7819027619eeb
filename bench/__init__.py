"""The engine beside its peers: same machine, same run, same data, same answers, or the row says what is wrong.

`python -m bench` generates a synthetic city, asks every engine the same questions, compares the answers before anything is timed,
and writes `bench/results/latest.json` and the table in the README. Every engine runs in a process of its own, so that its memory
is its own and a limit of time can stop it. What is asked is written in `works.py`, what is answered in `answers.py`.
"""
