using ServeBench.Hosts.Images;

namespace ServeBench.Hosts.Tests.Docker;

public sealed class AptSourcesTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("servebench-test-").FullName + "/";

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void Both_forms_of_sources_are_read_and_only_the_releases_own_suites_are_taken()
    {
        Write("etc/os-release", "ID=debian\nVERSION_CODENAME=bookworm\n");
        Write("etc/apt/sources.list", "# deb http://no.example/debian bookworm main\ndeb [arch=amd64 signed-by=/x] http://one.example/debian bookworm main contrib\ndeb-src http://one.example/debian bookworm main\n");
        Write("etc/apt/sources.list.d/debian.sources", """
            Types: deb
            # http://old.example/
            URIs: http://two.example/debian
            Suites: bookworm bookworm-updates bookworm-backports
            Components: main

            Types: deb
            URIs: http://two.example/security
            Suites: bookworm-security
            Components: main

            Enabled: no
            Types: deb
            URIs: http://three.example/debian
            Suites: bookworm
            Components: main
            """);
        Write("etc/apt/sources.list.d/other.list", "deb https://vendor.example/apt stable main\n");
        Assert.Equal(
            [
                "deb http://one.example/debian trixie main", "deb http://two.example/debian trixie main",
                "deb http://two.example/debian trixie-updates main", "deb http://two.example/security trixie-security main",
            ],
            AptSources.For("trixie", _root));
        // What is no release has no updates beside it.
        Assert.Equal(["deb http://one.example/debian sid main", "deb http://two.example/debian sid main"], AptSources.For("sid", _root));
    }

    [Theory]
    [InlineData("ID=ubuntu\nVERSION_CODENAME=noble\n")]
    [InlineData("")]
    public void Another_system_has_none(string release)
    {
        Write("etc/os-release", release);
        Write("etc/apt/sources.list", "deb http://one.example/ubuntu noble main\n");
        Assert.Empty(AptSources.For("trixie", _root));
    }

    private void Write(string file, string text)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(_root + file)!);
        File.WriteAllText(_root + file, text);
    }
}
