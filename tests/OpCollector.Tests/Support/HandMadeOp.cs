namespace OpCollector.Tests.Support;

/// <summary>An op made of a few lines of shell in front of op-emulator, for what the emulator does not play or tell.</summary>
internal static class HandMadeOp
{
    const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    /// <summary>
    /// Makes <paramref name="name"/> in the sandbox the op of the configuration; with the lines done, the emulator plays on.
    /// </summary>
    public static string WithOp(this Sandbox host, string lines, string name = "op")
    {
        var path = Path.Combine(host.Root, name);
        File.WriteAllText(path, $"#!/bin/sh\n{lines}\nexec {ShippedFiles.OpEmulator} \"$@\"\n");
        File.SetUnixFileMode(path, Executable);
        host.Configuration["source"]!["op"]!["path"] = path;
        return path;
    }
}
