using System.Runtime.InteropServices;

namespace OpEmulator.Streams;

/// <summary>The one question .NET cannot ask a pipe: whether a read would wait.</summary>
internal static partial class Libc
{
    const short Input = 1;

    public static bool HasInput(int descriptor)
    {
        var question = new PollDescriptor { Descriptor = descriptor, Events = Input };
        return Poll(ref question, 1, 0) > 0 && (question.Answers & Input) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    struct PollDescriptor
    {
        public int Descriptor;
        public short Events;
        public short Answers;
    }
}
