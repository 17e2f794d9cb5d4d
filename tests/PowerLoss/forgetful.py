#!/usr/bin/python3
"""A file system that forgets what was not synced when its power is cut.

    forgetful.py MOUNTPOINT

It lives in memory and keeps two images: what is seen, and what would be there after a power cut. A file's content is durable once
the file is synced, a name (made, renamed, linked, removed) once its directory is. Commands come on stdin, one a line, each is
answered by a line:

    sync               makes everything durable
    arm K HOW SEED     cuts the power at the callback K from now that would change or sync something: it is not done, who asked for it
                       is killed, and nothing works any more
    callbacks          how many such callbacks there were since then
    cut HOW SEED       cuts the power now
    boot               after a cut: what was durable is what is there

HOW says what of the unsynced is there after the cut:

    forget             nothing
    names              every name and no content: the zero-length files of a journal that keeps metadata only
    torn               what chance (SEED) takes: names up to some moment, and of the writes any, in part, in any order
    shuffled           the same, and of the names any

The end of stdin unmounts it.
"""

import errno
import os
import random
import signal
import stat
import subprocess
import sys
import threading
import time

try:
    import fusepy as fuse
except ImportError:
    import fuse


class Node:
    """A file or a directory: `seen` and `durable` are its two images, `pending` what leads from one to the other."""

    count = 0

    def __init__(self, mode, uid, gid):
        Node.count += 1
        self.ino = Node.count
        self.mode, self.uid, self.gid = mode, uid, gid
        self.time = time.time_ns()
        self.is_directory = stat.S_ISDIR(mode)
        self.seen = {} if self.is_directory else bytearray()
        self.durable = type(self.seen)()
        self.pending = []

    def change(self, step):
        step(self.seen)
        self.pending.append(step)
        self.time = time.time_ns()

    def sync(self):
        self.durable = type(self.seen)(self.seen)
        self.pending = []

    def forget(self, how, chance):
        """What the power cut leaves: the durable image, and of the pending steps what `how` says."""
        for step in self.surviving(how, chance):
            try:
                step(self.durable)
            except KeyError:
                pass  # a name that was to be moved is not there, because what made it is forgotten
        self.seen = type(self.durable)(self.durable)
        self.pending = []

    def surviving(self, how, chance):
        if how == "forget" or how == "names" and not self.is_directory:
            return []
        if how == "names":
            return self.pending
        if self.is_directory and how == "torn":
            return self.pending[:chance.randint(0, len(self.pending))]
        steps = [step for step in self.pending if chance.random() < 0.5]
        if not self.is_directory:
            chance.shuffle(steps)
            steps = [step.torn(chance) if chance.random() < 0.5 else step for step in steps]
        return steps


class Write:
    def __init__(self, offset, data):
        self.offset, self.data = offset, data

    def __call__(self, content):
        if len(content) < self.offset:
            content.extend(bytes(self.offset - len(content)))
        content[self.offset:self.offset + len(self.data)] = self.data

    def torn(self, chance):
        return Write(self.offset, self.data[:chance.randint(0, len(self.data))])


class Truncate:
    def __init__(self, length):
        self.length = length

    def __call__(self, content):
        del content[self.length:]
        content.extend(bytes(self.length - len(content)))

    def torn(self, _):
        return self


class Enter:
    def __init__(self, name, node):
        self.name, self.node = name, node

    def __call__(self, names):
        names[self.name] = self.node


class Remove:
    def __init__(self, name):
        self.name = name

    def __call__(self, names):
        del names[self.name]


class Rename:
    def __init__(self, old, new):
        self.old, self.new = old, new

    def __call__(self, names):
        node = names.pop(self.old)
        # Two names of one file: rename does nothing.
        names[self.new] = node


class Forgetful(fuse.Operations):
    use_ns = True

    def __init__(self):
        self.root = Node(stat.S_IFDIR | 0o700, os.getuid(), os.getgid())
        self.mutex = threading.Lock()
        self.callbacks = 0
        self.armed = None
        self.is_dead = False
        self.handles = {}

    # Everything that works on the two images.

    def find(self, path):
        if self.is_dead:
            raise fuse.FuseOSError(errno.EIO)
        node = self.root
        for name in filter(None, path.split("/")):
            if not node.is_directory:
                raise fuse.FuseOSError(errno.ENOTDIR)
            if name not in node.seen:
                raise fuse.FuseOSError(errno.ENOENT)
            node = node.seen[name]
        return node

    def place(self, path):
        return self.find(os.path.dirname(path)), os.path.basename(path)

    def count(self):
        """Before anything is changed or synced: here the power may go."""
        if self.is_dead:
            raise fuse.FuseOSError(errno.EIO)
        self.callbacks += 1
        if self.armed and self.armed[0] == self.callbacks:
            self.cut(*self.armed[1:])
            os.kill(fuse.fuse_get_context()[2], signal.SIGKILL)
            raise fuse.FuseOSError(errno.EIO)

    def cut(self, how, seed):
        chance = random.Random(seed)
        self.is_dead = True
        self.armed = None
        for node in self.nodes():
            node.forget(how, chance)

    def nodes(self):
        """Each once, and its names as they are when whoever asks for them is done with it."""
        met = []
        waiting = [self.root]
        while waiting:
            node = waiting.pop()
            if node not in met:
                met.append(node)
                yield node
                waiting.extend(node.seen.values() if node.is_directory else [])

    def command(self, line):
        word, *arguments = line.split()
        with self.mutex:
            if word == "sync":
                for node in self.nodes():
                    node.sync()
            elif word == "arm":
                self.armed, self.callbacks = (int(arguments[0]), arguments[1], int(arguments[2])), 0
            elif word == "callbacks":
                return str(self.callbacks)
            elif word == "cut":
                if not self.is_dead:
                    self.cut(arguments[0], int(arguments[1]))
            elif word == "boot":
                self.is_dead = False
            else:
                raise ValueError(line)
            return "done"

    # What the kernel asks for.

    def __call__(self, operation, *arguments):
        with self.mutex:
            return super().__call__(operation, *arguments)

    def getattr(self, path, fh=None):
        node = self.handles[fh] if fh in self.handles else self.find(path)
        return {
            "st_ino": node.ino, "st_mode": node.mode, "st_nlink": 2 if node.is_directory else 1, "st_uid": node.uid, "st_gid": node.gid,
            "st_size": 0 if node.is_directory else len(node.seen), "st_atime": node.time, "st_mtime": node.time, "st_ctime": node.time,
        }

    def readdir(self, path, fh):
        return [".", "..", *self.find(path).seen]

    def statfs(self, path):
        return {"f_bsize": 4096, "f_frsize": 4096, "f_blocks": 1 << 20, "f_bfree": 1 << 20, "f_bavail": 1 << 20, "f_namemax": 255}

    def chmod(self, path, mode):
        node = self.find(path)
        node.mode = stat.S_IFMT(node.mode) | stat.S_IMODE(mode)

    def chown(self, path, uid, gid):
        self.find(path)

    def utimens(self, path, times=None):
        self.find(path)

    def handle(self, node):
        fh = len(self.handles) + 1
        self.handles[fh] = node
        return fh

    def make(self, path, mode):
        self.count()
        directory, name = self.place(path)
        if name in directory.seen:
            raise fuse.FuseOSError(errno.EEXIST)
        uid, gid, _ = fuse.fuse_get_context()
        node = Node(mode, uid, gid)
        directory.change(Enter(name, node))
        return node

    def mkdir(self, path, mode):
        self.make(path, stat.S_IFDIR | mode)

    def create(self, path, mode, fi=None):
        return self.handle(self.make(path, stat.S_IFREG | mode))

    def open(self, path, flags):
        return self.handle(self.find(path))

    def opendir(self, path):
        return self.handle(self.find(path))

    def read(self, path, size, offset, fh):
        if self.is_dead:
            raise fuse.FuseOSError(errno.EIO)
        return bytes(self.handles[fh].seen[offset:offset + size])

    def write(self, path, data, offset, fh):
        self.count()
        self.handles[fh].change(Write(offset, bytes(data)))
        return len(data)

    def truncate(self, path, length, fh=None):
        self.count()
        (self.handles[fh] if fh in self.handles else self.find(path)).change(Truncate(length))

    def fsync(self, path, datasync, fh):
        self.count()
        self.handles[fh].sync()

    fsyncdir = fsync

    def flush(self, path, fh):
        pass

    def unlink(self, path):
        self.count()
        directory, name = self.place(path)
        self.find(path)
        directory.change(Remove(name))

    def rmdir(self, path):
        self.count()
        if self.find(path).seen:
            raise fuse.FuseOSError(errno.ENOTEMPTY)
        directory, name = self.place(path)
        directory.change(Remove(name))

    def rename(self, old, new):
        self.count()
        node = self.find(old)
        (old_directory, old_name), (new_directory, new_name) = self.place(old), self.place(new)
        if old_directory is not new_directory:
            raise fuse.FuseOSError(errno.EXDEV)
        if new_directory.seen.get(new_name) is not node:
            old_directory.change(Rename(old_name, new_name))

    def link(self, target, source):
        self.count()
        node = self.find(source)
        directory, name = self.place(target)
        if name in directory.seen:
            raise fuse.FuseOSError(errno.EEXIST)
        directory.change(Enter(name, node))


def obey(file_system, mountpoint):
    for line in sys.stdin:
        print(file_system.command(line), flush=True)
    subprocess.run(["umount", "-l", mountpoint], check=False)


if __name__ == "__main__":
    files = Forgetful()
    threading.Thread(target=obey, args=(files, sys.argv[1]), daemon=True).start()
    # Nothing is kept by the kernel: every question comes here.
    fuse.FUSE(files, sys.argv[1], foreground=True, nothreads=True, direct_io=True, attr_timeout=0, entry_timeout=0, use_ino=True, hard_remove=True, fsname="forgetful")
