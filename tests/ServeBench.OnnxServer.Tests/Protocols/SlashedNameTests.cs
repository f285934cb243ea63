using ServeBench.OnnxServer.Protocols;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>A model that is called as the hub calls it.</summary>
public sealed class SlashedNameTests(PreparedMiniLm model)
{
    private const string Name = "sentence-transformers/all-MiniLM-L6-v2";

    [Fact]
    [Lane("slow")]
    public async Task It_is_served_however_its_slash_is_written()
    {
        await using var server = await RunningServer.StartAsync($"{Name}={model.Folder}");
        Assert.Equal(200, (await server.PostAsync("/v1/embeddings", $$"""{"model":"{{Name}}","input":"whale"}""")).Status);
        foreach (var name in new[] { Name, Name.Replace("/", "%2F"), Name.Replace("/", "%2f") })
        {
            Assert.Equal(Name, (await server.GetAsync($"/v1/models/{name}")).Body.GetProperty("id").GetString());
            foreach (var path in new[] { "", "/versions/1" })
            {
                Assert.Equal(Name, (await server.GetAsync($"/v2/models/{name}{path}")).Body.GetProperty("name").GetString());
                foreach (var part in new[] { "ready", "config", "stats" }) Assert.Equal(200, (await server.GetAsync($"/v2/models/{name}{path}/{part}")).Status);
                var (status, answer) = await server.PostAsync($"/v2/models/{name}{path}/infer", """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["whale"]}]}""");
                Assert.Equal((200, Name), (status, answer.GetProperty("model_name").GetString()));
            }
        }
        foreach (var path in new[] { "/v2/models/sentence-transformers", "/v2/models/sentence-transformers/other", $"/v2/models/{Name}x", $"/v2/models/{Name}/versions/2", "/v1/models/sentence-transformers%2Fother" })
            Assert.Equal(404, (await server.GetAsync(path)).Status);
        Assert.Contains($"'{Name}x'", (await server.PostAsync("/v1/embeddings", $$"""{"model":"{{Name}}x","input":"whale"}""")).Body.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("/v2/models/a/b/infer", "/v2/models/a%2Fb/infer")]
    [InlineData("/v2/models/a/b", "/v2/models/a%2Fb")]
    [InlineData("/v2/models/a/b/c/ready", "/v2/models/a%2Fb%2Fc/ready")]
    [InlineData("/v1/models/a/b", "/v1/models/a%2Fb")]
    [InlineData("/v2/models/a/bb", "/v2/models/a/bb")]
    [InlineData("/v2/models/a", "/v2/models/a")]
    [InlineData("/embed", "/embed")]
    public void Only_served_names_are_escaped_and_the_longest_counts(string path, string escaped) => Assert.Equal(escaped, SlashedNames.Escape(path, ["a/b/c", "a/b"]));

    [Fact]
    public void The_name_is_what_stands_before_an_equals_sign_with_a_folder_behind_it()
    {
        using var parent = new TemporaryFolders();
        var plain = parent.Make("folder");
        var equals = parent.Make("a=b");
        Assert.Equal((Name, plain), Read($"{Name}={plain}"));
        Assert.Equal((null, equals), Read(equals));
        Assert.Equal(("n", equals), Read($"n={equals}"));
        Assert.Equal(("n=m", plain), Read($"n=m={plain}"));
        var faults = Assert.Throws<Domain.Faults.FaultException>(() => RunningServer.Options($"--model={Name}=/no/such/folder")).Faults;
        Assert.Contains("the folder '/no/such/folder' does not exist", Assert.Single(faults).ToString(), StringComparison.Ordinal);

        static (string? Name, string Folder) Read(string text)
        {
            var found = RunningServer.Options($"--model={text}").Models.Single();
            return (found.Name, found.Folder);
        }
    }

    /// <summary>Folders that look like models to the options.</summary>
    private sealed class TemporaryFolders : IDisposable
    {
        private readonly string _root = Directory.CreateTempSubdirectory("servebench-names-").FullName;

        public string Make(string name)
        {
            var folder = Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
            File.WriteAllText(Path.Combine(folder, "model.json"), "{}");
            return folder;
        }

        public void Dispose() => Directory.Delete(_root, recursive: true);
    }
}
