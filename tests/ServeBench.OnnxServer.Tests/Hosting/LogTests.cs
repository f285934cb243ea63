using System.Text.Json;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Hosting;

/// <summary>What the built program says, and what it cannot do without libraries that are not here.</summary>
public sealed class LogTests(PreparedMiniLm model)
{
    [Fact]
    [Lane("slow")]
    public async Task At_the_start_model_hash_threads_and_providers_are_named_as_one_JSON_object_a_line()
    {
        var (_, output, _) = await ProgramRun.StartedAsync($"--model=minilm={model.Folder}", "--threads=1", "--instances=2", "--log-format=json", "--max-batch=9");
        var serving = output.Select(l => JsonElement.Parse(l)).Single(l => l.GetProperty("EventId").GetInt32() == 1).GetProperty("State");
        Assert.Equal("minilm", serving.GetProperty("Model").GetString());
        Assert.Equal(model.Session.Manifest.Files.Single(f => f.Name == model.Session.Manifest.OnnxFile).Sha256, serving.GetProperty("Sha256").GetString());
        Assert.Equal("seeded", serving.GetProperty("Weights").GetString());
        Assert.Matches("^ONNX Runtime .*CPUExecutionProvider.*1 intra-op thread", serving.GetProperty("Runtime").GetString());
        Assert.Equal("2", serving.GetProperty("Instances").ToString());
        Assert.Contains("9 items", serving.GetProperty("Batching").GetString());
    }

    [Fact]
    [Lane("slow")]
    public async Task Nothing_is_said_that_is_no_line_of_the_log()
    {
        var (_, output, errors) = await ProgramRun.StartedAsync($"--model={model.Folder}", "--threads=1");
        Assert.All(output, line => Assert.Matches(@"^\d{4}-\d\d-\d\dT[\d:.]+Z info: ServeBench\.OnnxServer\.", line));
        Assert.Empty(errors);
    }

    [Theory]
    [InlineData("cuda", "CUDAExecutionProvider")]
    [InlineData("tensorrt", "TensorrtExecutionProvider")]
    [Lane("slow")]
    public async Task A_provider_whose_library_is_missing_is_said_with_what_to_do(string provider, string name)
    {
        Assert.SkipWhen(File.Exists(Path.Combine(Path.GetDirectoryName(Repository.Program)!, "libonnxruntime_providers_cuda.so")), "the libraries of ONNX Runtime's GPU build are here");
        var (code, _, errors) = await ProgramRun.ToEndAsync($"--model={model.Folder}", $"--provider={provider}", "--urls=http://127.0.0.1:0");
        Assert.Equal(1, code);
        Assert.Contains($"has no {name}; it has CPUExecutionProvider", errors);
        Assert.Contains("libonnxruntime_providers_", errors);
        Assert.Contains("--provider=cpu", errors);
        Assert.DoesNotContain("   at ", errors);
    }

    [Fact]
    public async Task The_configuration_is_printed_and_nothing_is_started()
    {
        var (code, output, errors) = await ProgramRun.ToEndAsync($"--model={model.Folder}", "--max-batch=9", "--print-config");
        Assert.Equal(0, code);
        Assert.Equal("", errors);
        var server = JsonDocument.Parse(output, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip }).RootElement.GetProperty("Server");
        Assert.Equal(9, server.GetProperty("max-batch").GetInt32());
        Assert.Equal("length", server.GetProperty("grouping").GetString());
    }
}
