using System.Text;

namespace OpEmulator.Streams;

/// <summary>Where answers and complaints go, as bytes.</summary>
internal static class StandardOutput
{
    public static int Print(Answer answer)
    {
        Complain(answer.Errors);
        using var output = Console.OpenStandardOutput();
        output.Write(answer.Output.Span);
        return answer.ExitCode;
    }

    public static void Complain(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        using var errors = Console.OpenStandardError();
        errors.Write(Encoding.UTF8.GetBytes(text));
    }
}
