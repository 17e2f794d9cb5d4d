namespace Benchmarks;

/// <summary>A program that reads a file and prints another, and keeps nothing in between.</summary>
internal sealed class Tool(string name, params string[] command) : Contestant(name)
{
    public override string[] Command => command;

    public override void Reset()
    {
        // There is nothing to forget.
    }
}
