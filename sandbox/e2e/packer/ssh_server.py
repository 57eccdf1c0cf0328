"""An SSH server on loopback that stands for the builder instance.

ssh_server.py run <folder>     runs every command, in the folder
ssh_server.py record <folder>  takes files below the folder in place of the root folder, and runs nothing: the commands
                               are written to <folder>/commands

It lets everybody in, and ends when its standard input does. The first line that it prints is its port.
"""

import asyncio
import os
import re
import subprocess
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
    pipe = subprocess.PIPE
    child = subprocess.Popen(["sh", "-c", command], cwd=FOLDER, bufsize=0, stdin=pipe, stdout=pipe, stderr=pipe)
    await process.redirect(stdin=child.stdin, stdout=child.stdout, stderr=child.stderr)
    process.exit(await asyncio.to_thread(child.wait))


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
