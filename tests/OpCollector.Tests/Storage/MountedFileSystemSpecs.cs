using OpCollector.Storage;

namespace OpCollector.Tests;

/// <summary>A state directory that hosts could share is looked at: locks that hold on one host alone are refused.</summary>
public sealed class MountedFileSystemSpecs
{
    const string Mounts =
        """
        21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw,errors=remount-ro
        30 21 0:40 / /srv rw,relatime shared:9 - nfs4 nas:/export rw,vers=4.2,hard,proto=tcp,local_lock=none,addr=10.0.0.1
        31 30 0:41 / /srv/here rw,relatime - nfs nas:/export rw,vers=3,nolock,local_lock=all,addr=10.0.0.1
        32 30 0:42 / /srv/a\040b rw - fuse.s3fs s3fs rw,user_id=0
        33 21 0:43 / /smb rw - cifs //nas/share rw,nobrl
        34 21 0:44 / /smb/right rw - cifs //nas/share rw
        35 21 0:45 / /run rw shared:5 - tmpfs tmpfs rw,size=100k
        36 21 0:46 / /vm rw - 9p share rw
        37 21 0:47 / /unnamed rw - fuse /dev/fuse rw,user_id=0
        38 21 0:48 / /lustre rw - lustre 10.0.0.1@tcp:/data rw,localflock
        39 21 0:49 / /lustre/right rw - lustre 10.0.0.1@tcp:/data rw,flock
        40 21 8:2 / /windows rw - fuseblk /dev/sda2 rw
        """;

    [Theory]
    [InlineData("/var/lib/opcollector", "ext4", null)]
    [InlineData("/srv/state", "nfs4", null)]
    [InlineData("/srv/here/state", "nfs", "nolock")]
    [InlineData("/srv/a b/state", "fuse.s3fs", "s3fs")]
    [InlineData("/srv/a bc/state", "nfs4", null)]
    [InlineData("/smb/state", "cifs", "nobrl")]
    [InlineData("/smb/right", "cifs", null)]
    [InlineData("/vm/state", "9p", "this machine alone")]
    [InlineData("/unnamed/state", "fuse", "nobody vouches for")]
    [InlineData("/lustre/state", "lustre", "localflock")]
    [InlineData("/lustre/right/state", "lustre", null)]
    [InlineData("/windows/state", "fuseblk", null)]
    public void The_innermost_mount_above_a_path_decides(string path, string type, string? why)
    {
        var found = MountedFileSystem.FindIn(Mounts, path)!;

        found.Type.Should().Be(type);
        (found.WhyUnshared?.Contains(why ?? "", StringComparison.Ordinal)).Should().Be(why is null ? null : true);
    }

    [Fact]
    public void What_is_in_memory_is_known_to_pass()
    {
        MountedFileSystem.FindIn(Mounts, "/run/state")!.IsPassing.Should().BeTrue();
        MountedFileSystem.FindIn(Mounts, "/var")!.IsPassing.Should().BeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("1 2 3 4 /x 6 7 8 9 10 11")]
    [InlineData("1 2 3 4 / 6 7 8 9 -")]
    public void What_is_no_list_of_mounts_says_nothing(string mounts) => MountedFileSystem.FindIn(mounts, "/x").Should().BeNull();

    [Fact]
    public void The_kernel_tells_of_a_real_path() => MountedFileSystem.Find(Path.GetTempPath()).Should().NotBeNull();
}
