"""kill -9 at random moments of a mixed load."""

import threading
import time

from storm import Siege


def run(place, report, seed, count):
    with place.scratch() as scratch, Siege(place.home(scratch), seed) as siege:
        for round in range(1, count + 1):
            if report.late():
                break
            dead = threading.Event()
            storm = threading.Thread(target=siege.storm, args=(100_000, 0.1, dead.is_set))
            storm.start()
            time.sleep(siege.rng.uniform(0.1, 1.2))
            siege.service.process.kill()
            dead.set()
            storm.join()
            siege.killed()
            report.row(f"kill -9 {round}", siege.told(), siege.compared("after kill -9"))
            siege.refill()
