using System.Runtime.InteropServices;

namespace OpCollector.Messages;

/// <summary>
/// What an error of the system means, in words: "No space left on device". The messages of .NET say it too, among paths and advice of
/// their own, and some quote what they have read.
/// </summary>
internal static class SystemError
{
    const int NoSuchFile = 2;
    const int InputOutput = 5;
    const int PermissionDenied = 13;
    const int IsDirectory = 21;
    const int NameTooLong = 36;
    const int LargestNumber = 133; // EHWPOISON

    public static string Describe(int error) =>
        error is > 0 and <= LargestNumber ? Marshal.GetPInvokeErrorMessage(error) : "Input/output error";

    /// <param name="ex">What came of reading or writing a file, or of starting a process.</param>
    /// <param name="path">The file, where it has a name.</param>
    public static string Describe(Exception ex, string? path = null) => ex is EndOfStreamException ? "It ends too early"
        : ex is TooLargeException large ? large.Message
        : ex is SilentFileException silent ? silent.Message
        // .NET says of both that access is denied.
        : Number(ex) is var number && number == PermissionDenied && Directory.Exists(path) ? Describe(IsDirectory)
        : Describe(number);

    static int Number(Exception ex) => ex switch
    {
        FileNotFoundException or DirectoryNotFoundException => NoSuchFile,
        PathTooLongException => NameTooLong,
        System.ComponentModel.Win32Exception system => system.NativeErrorCode,
        UnauthorizedAccessException =>
            ex.InnerException is IOException { HResult: > 0 and <= LargestNumber } inner ? inner.HResult : PermissionDenied,
        // On Linux it is the number itself.
        IOException { HResult: > 0 and <= LargestNumber } => ex.HResult,
        { InnerException: { } inner } => Number(inner),
        _ => InputOutput,
    };
}
