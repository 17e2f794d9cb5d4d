namespace Benchmarks;

/// <summary>What it costs to start the executable and do nothing.</summary>
internal sealed class VersionOnly(Workshop workshop) : Contestant("opcollector --version")
{
    public override string[] Command => [workshop.Collector, "--version"];

    public override void Reset()
    {
        // There is nothing to forget.
    }
}
