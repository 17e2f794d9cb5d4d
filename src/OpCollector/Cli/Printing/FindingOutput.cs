using System.Buffers;
using System.Text;
using OpCollector.Delivery;
using OpCollector.Detection.Findings;

namespace OpCollector.Cli.Printing;

/// <summary>Prints what the rules have found.</summary>
internal abstract class FindingOutput
{
    /// <returns>Whether somebody still reads it.</returns>
    public abstract bool TryPrint(IReadOnlyList<Finding> findings);
}

/// <summary>For a person: a line with the time, the level, the rule and the sentence.</summary>
internal sealed class FindingTable : FindingOutput
{
    const string NoTime = "no time             ";

    public override bool TryPrint(IReadOnlyList<Finding> findings) =>
        StdoutSink.TryPrint(Encoding.UTF8.GetBytes(string.Concat(findings.Select(Row))));

    static string Row(Finding finding)
    {
        var time = finding.Time is { } known ? $"{known.UtcDateTime:u}" : NoTime;
        var level = finding.Rule.Level.ToString().ToLowerInvariant();
        return $"{time}  {level,-8}  {finding.Rule.Name,-30}  {ForeignText.Printable(finding.Summary).TrimEnd()}\n";
    }
}

/// <summary>For a program: one finding on each line.</summary>
internal sealed class FindingLines : FindingOutput
{
    public override bool TryPrint(IReadOnlyList<Finding> findings)
    {
        var bytes = findings.Sum(finding => (long)finding.Bytes.Length);
        if (bytes > LargeMemory.Large)
        {
            var isPrinted = findings.All(finding => StdoutSink.TryPrint(finding.Bytes.Span) && StdoutSink.TryPrint("\n"u8));
            LargeMemory.Return(bytes);
            return isPrinted;
        }

        var lines = new ArrayBufferWriter<byte>();
        foreach (var finding in findings)
        {
            lines.Write(finding.Bytes.Span);
            lines.Write("\n"u8);
        }

        return StdoutSink.TryPrint(lines.WrittenSpan);
    }
}
