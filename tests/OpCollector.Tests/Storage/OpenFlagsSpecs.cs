using System.Runtime.InteropServices;
using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>The numbers of the kernel's flags, as each architecture's fcntl.h has them.</summary>
public sealed class OpenFlagsSpecs
{
    // O_DIRECTORY, O_NOFOLLOW and O_TMPFILE, written in octal as the headers write them.
    [Theory]
    [InlineData(Architecture.X64, "200000", "400000", "20200000")]
    [InlineData(Architecture.Arm64, "40000", "100000", "20040000")]
    [InlineData(Architecture.Arm, "40000", "100000", "20040000")]
    [InlineData(Architecture.Ppc64le, "40000", "100000", "20040000")]
    [InlineData(Architecture.S390x, "200000", "400000", "20200000")]
    [InlineData(Architecture.RiscV64, "200000", "400000", "20200000")]
    public void They_are_those_of_the_architecture(Architecture architecture, string directory, string noFollow, string unnamed)
    {
        var flags = OpenFlags.For(architecture);

        new[] { flags.Directory, flags.NoFollow, flags.Unnamed }
            .Should().Equal(new[] { directory, noFollow, unnamed }.Select(number => Convert.ToInt32(number, 8)));
    }

    [Fact]
    public void A_directory_of_this_machine_can_be_synced_and_a_file_is_none()
    {
        var directory = Directory.CreateTempSubdirectory("opcollector-test-");
        try
        {
            var file = Path.Combine(directory.FullName, "file");
            File.WriteAllText(file, "");

            Libc.SyncDirectory(directory.FullName).Should().Be(0);
            Libc.SyncDirectory(file).Should().NotBe(0);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }
}
