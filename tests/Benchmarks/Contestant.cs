namespace Benchmarks;

/// <summary>A program that does the job: everything newer than an event, from op to the receiver, with a checkpoint.</summary>
internal abstract class Contestant(string name)
{
    /// <summary>One below the first event that op holds.</summary>
    protected const int Before = 999;

    public string Name => name;

    public abstract string[] Command { get; }

    /// <summary>Forgets all earlier runs: the next one begins with the first event.</summary>
    public abstract void Reset();
}
