using System.Text;

namespace OpEmulator;

/// <summary>What a call leaves behind: stdout, stderr and the exit code.</summary>
internal sealed record Answer(ReadOnlyMemory<byte> Output, int ExitCode = 0, string Errors = "")
{
    public static Answer Of(string output, int exitCode = 0) => new(Encoding.UTF8.GetBytes(output), exitCode);
}
