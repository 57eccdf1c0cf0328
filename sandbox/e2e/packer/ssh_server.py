"""An SSH server on loopback that stands for the builder instance.

ssh_server.py run <folder>     runs every command, in the folder
ssh_server.py record <folder>  takes files below the folder in place of the root folder, and runs nothing: the commands
                               are written to <folder>/commands

It lets everybody in, and ends when its standard input does. The first line that it prints is its port.
"""

import asyncio
import os
import re
import sys

import asyncssh

MODE, FOLDER = sys.argv[1:]


class Open(asyncssh.SSHServer):
    def begin_auth(self, username):
        return False


async def handle(process):
    command = process.command
    if MODE == "record":
        command = recorded(command)
    pipe = asyncio.subprocess.PIPE
    child = await asyncio.create_subprocess_exec(
        "sh", "-c", command, cwd=FOLDER, stdin=pipe, stdout=pipe, stderr=pipe
    )
    feeding = asyncio.create_task(feed(process.stdin, child.stdin))
    await asyncio.gather(
        copy(child.stdout, process.stdout), copy(child.stderr, process.stderr)
    )
    status = await child.wait()
    feeding.cancel()
    process.exit(status)


async def copy(source, target):
    while data := await source.read(65536):
        target.write(data)


async def feed(source, target):
    try:
        await copy(source, target)
    finally:
        target.close()


def recorded(command):
    """What is run instead: files come below the folder, nothing else happens."""
    if command.startswith("scp "):
        return re.sub(r"(?<=[ '\"])/tmp", f"{FOLDER}/tmp", command)
    with open(f"{FOLDER}/commands", "a") as commands:
        commands.write(command + "\n")
    return "true"


async def main():
    server = await asyncssh.create_server(
        Open,
        "127.0.0.1",
        0,
        server_host_keys=[asyncssh.generate_private_key("ssh-rsa")],
        process_factory=handle,
        sftp_factory=MODE == "run",
        encoding=None,
    )
    print(server.get_port(), flush=True)
    await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    # Without asyncio's own way to the end, which complains about connections that are open still.
    os._exit(0)


asyncio.run(main())
