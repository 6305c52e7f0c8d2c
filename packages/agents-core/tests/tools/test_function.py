from __future__ import annotations

import sys
from types import ModuleType

import pytest

from agents_core.tools import FunctionTool, check_names, find_function_tools, function_tool


class Base:
    @function_tool
    async def greet(self) -> str:
        """Say hello.

        At length.

        Returns:
            nothing that a model has to know.
        """
        return f"hello from {type(self).__name__}"

    @function_tool
    async def leave(self) -> str:
        return "bye"


class Derived(Base):
    @function_tool(name="wave_hand", description="Wave.", timeout=3.0)
    def wave(self) -> str:
        """Not this."""
        return "waves"

    @function_tool
    async def leave(self) -> str:
        return "see you"

    def no_tool(self) -> None: ...


def test_a_tool_is_described_by_what_is_written_anyway() -> None:
    assert (Base.greet.name, Base.greet.description) == ("greet", "Say hello.\n\nAt length.")
    assert (Derived.wave.name, Derived.wave.description) == ("wave_hand", "Wave.")
    assert Derived.wave.timeout == 3.0
    assert Base.leave.description == ""
    assert Base.greet.__doc__ is not None
    assert Base.greet.__name__ == "greet"
    assert repr(Base.greet) == "<FunctionTool greet>"


def test_tools_of_an_object_are_bound_to_it_and_the_same_each_time() -> None:
    one, other = Derived(), Derived()
    tools = find_function_tools(one)

    assert [tool.name for tool in tools] == ["greet", "leave", "wave_hand"]
    assert tools[2]() == "waves"
    assert one.greet == tools[0]
    assert hash(one.greet) == hash(tools[0])
    assert one.greet != other.greet
    assert one.greet != "greet"
    assert find_function_tools(object()) == ()


def test_tools_of_a_module_are_found() -> None:
    module = ModuleType("toolbox")

    @function_tool
    async def look() -> None: ...

    module.look = look  # type: ignore[attr-defined]
    module.other = 1  # type: ignore[attr-defined]

    assert find_function_tools(module) == (look,)


def test_to_call_a_tool_is_to_call_the_function() -> None:
    @function_tool
    def double(number: int) -> int:
        return 2 * number

    assert double(4) == 8
    assert double(number=5) == 10


@pytest.mark.parametrize("name", ["", "two words", "1st", "ünïcode", "a" * 65, "a.b"])
def test_a_name_that_not_every_provider_accepts_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="is no name for a tool"):
        FunctionTool(print, name=name, description="")


def test_two_tools_of_one_name_are_refused_and_one_tool_twice_is_one() -> None:
    class Other:
        @function_tool
        async def greet(self) -> None: ...

    base = Base()
    assert check_names([base.leave, Base.greet, Base.greet]) == (base.leave, Base.greet)
    with pytest.raises(ValueError, match="two tools are named 'greet'"):
        check_names([base.greet, Other().greet])


def test_a_raw_schema_stands_for_the_signature() -> None:
    schema = {"name": "raw", "description": "As it is.", "parameters": {"type": "object"}}

    @function_tool(raw_schema=schema)
    async def anything(raw_arguments: dict[str, object]) -> None: ...

    assert (anything.name, anything.description) == ("raw", "As it is.")
    assert anything.parameters == {"type": "object"}
    assert anything.strict_parameters is None
    with pytest.raises(ValueError, match='"parameters"'):
        function_tool(raw_schema={"name": "x"})(print)


def test_a_tool_is_made_without_the_slow_library() -> None:
    import subprocess

    code = (
        "import sys; from agents_core.tools import function_tool\n"
        "@function_tool\n"
        "async def look(at: int) -> None: 'Look.'\n"
        "slow = {'pydantic', 'numpy', 'soxr', 'livekit', 'aiohttp'} & set(sys.modules)\n"
        "assert not slow, slow\n"
        "look.parameters\n"
        "assert 'pydantic' in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_a_method_is_described_once_for_all_objects() -> None:
    assert Derived().greet.parameters is Derived().greet.parameters
