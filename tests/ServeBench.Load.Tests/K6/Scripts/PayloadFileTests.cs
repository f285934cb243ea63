using System.Net;
using System.Text.Json;
using ServeBench.Load.Wire;
using ServeBench.Domain.Plans;
using ServeBench.Domain.Protocols;
using ServeBench.Load.Encoding;
using ServeBench.Load.K6;
using ServeBench.Load.K6.Scripts;
using ServeBench.Load.Tests.Encoding;

namespace ServeBench.Load.Tests.K6.Scripts;

public sealed class PayloadFileTests : IDisposable
{
    private static readonly IPEndPoint Target = new(IPAddress.Loopback, 8080);

    private readonly string _folder = Directory.CreateTempSubdirectory("servebench-k6-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Bodies_are_those_that_the_native_driver_sends_in_the_order_given()
    {
        var set = PayloadSet.Render(Protocols.Embeddings, Target, [PayloadVariables.OfTexts("m", ["one"]), PayloadVariables.OfTexts("m", ["zwei", "drei \"3\" ü"])]);
        var file = PayloadFile.Of(set, [1, 0]);
        Assert.Equal((false, false, "/v1/embeddings"), (file.Binary, file.OwnPaths, file.Path));
        var entries = Read(file);
        Assert.Equal([2, 1], entries.Select(e => e.GetProperty("items").GetInt32()));
        Assert.Equal(
            new[] { 1, 0 }.Select(n => System.Text.Encoding.UTF8.GetString(set.Requests[n].Bytes, set.Requests[n].Bytes.Length - set.Requests[n].BodyBytes, set.Requests[n].BodyBytes)),
            entries.Select(e => e.GetProperty("body").GetString()));
        Assert.All(entries, e => Assert.False(e.TryGetProperty("path", out _)));
    }

    [Fact]
    public void Bytes_that_are_no_text_become_base64()
    {
        var body = new byte[] { 0xff, 0x00, 0xd8 };
        var set = new PayloadSet(WireFormat.Of(Protocols.Embeddings), [Request("/x", body)]);
        var file = PayloadFile.Of(set, [0]);
        Assert.True(file.Binary);
        Assert.Equal(body, Read(file)[0].GetProperty("body").GetBytesFromBase64());
    }

    [Fact]
    public void Paths_that_differ_stand_beside_the_bodies()
    {
        var file = PayloadFile.Of(new PayloadSet(WireFormat.Of(Protocols.Embeddings), [Request("/a", [1]), Request("/b", [1])]), [0, 1]);
        Assert.True(file.OwnPaths);
        Assert.Equal(["/a", "/b"], Read(file).Select(e => e.GetProperty("path").GetString()));
    }

    [Fact]
    public void A_path_that_names_the_model_is_filled_in()
    {
        var decoding = Protocols.Answer(Protocols.Path("data[*]"), null, null);
        var protocol = Protocols.Http("infer", "/v2/models/${model}/infer", new JsonPlaceholderTemplate("texts"), decoding);
        var job = new LoadJob
        {
            Target = Target,
            Payloads = PayloadSet.Render(protocol, Target, [PayloadVariables.OfTexts("tiny model", ["x"])]),
            Shape = new ClosedLoop(1),
            WarmUp = new WarmUpSettings(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), 1),
            Measure = TimeSpan.FromSeconds(1),
            Deadline = TimeSpan.FromSeconds(1),
            ArrivalSeed = 1,
            OrderSeed = 1,
        };
        new K6Case(job).Write(new ScriptWriter(Repository.Templates), _folder);
        Assert.Contains("`http://${HOST}/v2/models/tiny%20model/infer`", File.ReadAllText(Path.Combine(_folder, "case.js")), StringComparison.Ordinal);
    }

    private static RenderedRequest Request(string path, byte[] body) =>
        new([.. System.Text.Encoding.ASCII.GetBytes($"POST {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {body.Length}\r\n\r\n"), .. body], body.Length, 1);

    private JsonElement[] Read(PayloadFile file)
    {
        var path = Path.Combine(_folder, "payloads.json");
        file.Write(path);
        return [.. JsonSerializer.Deserialize<JsonElement>(File.ReadAllText(path)).EnumerateArray()];
    }
}
