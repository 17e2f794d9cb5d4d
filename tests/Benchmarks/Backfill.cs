namespace Benchmarks;

/// <summary>The shipped executable as somebody runs it by hand, with one call of op at a time or several at once.</summary>
internal sealed class Backfill(Workshop workshop, Receiver receiver, int parallel)
    : Collector(workshop, receiver, parallel == 1 ? "opcollector backfill" : $"opcollector backfill --parallel {parallel}")
{
    public override string[] Command =>
        [Program, "backfill", "--from", $"{Before}", "--parallel", $"{parallel}", "--config", Configuration];
}
