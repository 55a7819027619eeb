"""The compiler's one door: how this room's compiled functions are compiled, kept, and thrown away when their source changes.

Compiled code is kept beside the source (or where `NUMBA_CACHE_DIR` says), so only the first run on a machine compiles. Where
nothing can be written, functions are compiled in every process, and all else stays the same.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

_Function = TypeVar("_Function", bound=Callable[..., Any])

_HERE = Path(__file__).resolve().parent


def _forget_stale_code() -> None:
    """Drop kept code when any source here changed: numba watches a function's own file, not the files of what it calls."""
    texts = [source.read_bytes() for source in sorted(_HERE.glob("*.py"))]
    digest = hashlib.sha256(b"".join(text for text in texts if b"jit" in text)).hexdigest()
    stamp = _HERE / "__pycache__" / "compiled.sha256"
    with contextlib.suppress(OSError):
        if stamp.exists() and stamp.read_text() == digest:
            return
        for kept in (_HERE / "__pycache__").glob("*.nb[ci]"):
            kept.unlink(missing_ok=True)
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(digest)


_forget_stale_code()


def compiled(function: _Function) -> _Function:
    """The function compiled on first use, without the interpreter's lock; kept for later runs where that is possible."""
    try:
        made = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no place to keep compiled code
        made = numba.njit(nogil=True)(function)
    return made  # type: ignore[no-any-return]


def inlined(function: _Function) -> _Function:
    """A small function for use inside compiled ones."""
    return numba.njit(nogil=True, forceinline=True)(function)  # type: ignore[no-any-return]


@inlined
def held(memory: Any) -> None:
    """Keep an array until here. One that is only reached by address would be freed after its last mention by name."""
    len(memory)


def _loader(width: int, kind: Any) -> Any:
    @intrinsic
    def load(typingctx: Any, address: Any, index: Any) -> Any:  # noqa: ARG001 - the compiler's calling convention
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001 - as above
            pointer = builder.inttoptr(args[0], ir.IntType(width).as_pointer())
            return builder.load(builder.gep(pointer, [args[1]]))

        return kind(types.int64, types.int64), codegen

    return load


load_i64 = _loader(64, types.int64)
"""The int64 at `address[index]`. This and its kin read memory-mapped columns by address; nothing is checked."""
load_i32 = _loader(32, types.int32)
load_u32 = _loader(32, types.uint32)
load_i16 = _loader(16, types.int16)
load_u16 = _loader(16, types.uint16)
load_u8 = _loader(8, types.uint8)


def _storer(width: int, kind: Any) -> Any:
    @intrinsic
    def store(typingctx: Any, address: Any, index: Any, value: Any) -> Any:  # noqa: ARG001 - the compiler's calling convention
        def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001 - as above
            pointer = builder.inttoptr(args[0], ir.IntType(width).as_pointer())
            builder.store(args[2], builder.gep(pointer, [args[1]]))
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, kind), codegen

    return store


load_u64 = _loader(64, types.uint64)
store_i32 = _storer(32, types.int32)
"""Write an int32 to `address[index]`. Scratch is reached by address, too: counting references costs more than the loop."""
store_u8 = _storer(8, types.uint8)
store_i16 = _storer(16, types.int16)
store_i64 = _storer(64, types.int64)
store_u64 = _storer(64, types.uint64)


@intrinsic
def fetch(typingctx: Any, address: Any) -> Any:  # noqa: ARG001 - the compiler's calling convention
    """Ask for the memory at an address ahead of its use. Persons come in no order: without this most of the time is waiting."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001 - as above
        byte = ir.IntType(8).as_pointer()
        word = ir.IntType(32)
        asked = cgutils.get_or_insert_function(
            builder.module, ir.FunctionType(ir.VoidType(), [byte, word, word, word]), "llvm.prefetch.p0"
        )
        builder.call(asked, [builder.inttoptr(args[0], byte), word(1), word(3), word(1)])
        return context.get_dummy_value()

    return types.void(types.int64), codegen


@intrinsic
def sixteen_above(typingctx: Any, address: Any, index: Any, bound: Any) -> Any:  # noqa: ARG001 - the compiler's calling convention
    """Which of the 16 int32 from `address[index]` on are greater than `bound`, as bits of an int64: one comparison of vectors."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001 - as above
        lanes = ir.VectorType(ir.IntType(32), 16)
        first = builder.gep(builder.inttoptr(args[0], ir.IntType(32).as_pointer()), [args[1]])
        held = builder.load(builder.bitcast(first, lanes.as_pointer()), align=4)
        one = builder.insert_element(ir.Constant(lanes, ir.Undefined), args[2], ir.Constant(ir.IntType(32), 0))
        bounds = builder.shuffle_vector(one, one, ir.Constant(lanes, [0] * 16))
        bits = builder.bitcast(builder.icmp_signed(">", held, bounds), ir.IntType(16))
        return builder.zext(bits, ir.IntType(64))

    return types.int64(types.int64, types.int64, types.int32), codegen


@intrinsic
def lowest_bit(typingctx: Any, word: Any) -> Any:  # noqa: ARG001 - the compiler's calling convention
    """The position of the lowest set bit of a uint64 that is not zero."""

    def codegen(context: Any, builder: Any, signature: Any, args: Any) -> Any:  # noqa: ARG001 - as above
        return builder.cttz(args[0], ir.Constant(ir.IntType(1), 1))

    return types.int64(types.uint64), codegen
