using System.Text.Json;
using ServeBench.Hosts.Images;

namespace ServeBench.Hosts.Tests.Docker;

/// <summary>The same image is the same whichever docker command describes it; another is another.</summary>
public class ImageContentTests
{
    private static readonly ImageContent First = Read("""{"Id":"sha256:1","Size":10,"RootFS":{"Layers":["sha256:a"]},"Config":{"Env":["A=1"],"Cmd":["bash"],"User":"","Entrypoint":null},"RepoDigests":[]}""");

    [Theory]
    [InlineData("""{"Id":"sha256:1","Size":10,"RootFS":{"Layers":["sha256:a"]},"Config":{"Env":["A=1"],"Cmd":["bash"]},"RepoDigests":null}""", true)]
    [InlineData("""{"Id":"sha256:2","Created":"later","Size":10,"RootFS":{"Layers":["sha256:a"]},"Config":{"Cmd":["bash"],"Env":["A=1"],"WorkingDir":""}}""", true)]
    [InlineData("""{"Id":"sha256:1","Size":10,"RootFS":{"Layers":["sha256:b"]},"Config":{"Env":["A=1"],"Cmd":["bash"]}}""", false)]
    [InlineData("""{"Id":"sha256:1","Size":10,"RootFS":{"Layers":["sha256:a"]},"Config":{"Env":["A=2"],"Cmd":["bash"]}}""", false)]
    [InlineData("""{"Id":"sha256:1","Size":10,"RootFS":{"Layers":["sha256:a"]},"Config":{"Env":["A=1"],"Cmd":["bash"],"User":"nobody"}}""", false)]
    public void Content_is_what_it_holds_and_how_it_runs(string image, bool isSame) => Assert.Equal(isSame, Read(image).ContentSha256 == First.ContentSha256);

    [Fact]
    public void The_registrys_digest_is_told_where_there_is_one()
    {
        Assert.Null(First.RegistryDigest);
        Assert.Equal("sha256:77", Read("""{"Id":"sha256:1","Size":10,"RootFS":{"Layers":["sha256:a"]},"Config":{},"RepoDigests":["debian@sha256:77"]}""").RegistryDigest);
    }

    private static ImageContent Read(string json) => ImageContent.Read(JsonDocument.Parse(json).RootElement);
}
