"""The benchmark's workflow on Prefect 3: a flow of so many no-op tasks, each waiting for the one before.

Reads batches from standard input, a JSON object a line: {"runs": N, "concurrency": C, "tasks": T}.
Answers each with {"seconds": S}, S being the time from the first start to the last end, or with {"error": TEXT}.
"""

import asyncio
import json
import sys
import time

from prefect import flow, task


@task
async def noop(value):
    return value


@flow
async def chain(tasks: int):
    value = 0
    for _ in range(tasks):
        value = await noop(value)
    return value


async def batch(runs: int, concurrency: int, tasks: int) -> float:
    left = iter(range(runs))

    async def work():
        for _ in left:
            await chain(tasks)

    started = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(concurrency)))
    return time.perf_counter() - started


async def main():
    print(json.dumps({"ready": True}), flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        try:
            answer = {"seconds": await batch(**json.loads(line))}
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"[:500]}
        print(json.dumps(answer), flush=True)


asyncio.run(main())
