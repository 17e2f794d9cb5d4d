using System.Text;

namespace OpCollector.Sources.Op;

/// <summary>What one call of op printed. Its exit code proves little: 0.x uses it for HTTP statuses, 1.x says 1 for everything.</summary>
internal sealed record OpAnswer(int ExitCode, ReadOnlyMemory<byte> Output, string Errors)
{
    public string Text => Encoding.UTF8.GetString(Output.Span).Trim();
}
