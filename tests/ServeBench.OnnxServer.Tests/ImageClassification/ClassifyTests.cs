using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using ServeBench.OnnxServer.Tests.Images;
using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.ImageClassification;

/// <summary>POST /v1/classify: images in JSON, as a body of their own, and in forms.</summary>
[Lane("slow")]
public sealed class ClassifyTests(SmallClassifier model) : IClassFixture<SmallClassifier>, IAsyncLifetime
{
    private const string Path = "/v1/classify";

    private RunningServer _server = null!;

    public async ValueTask InitializeAsync() => _server = await RunningServer.StartAsync(model.Folder, "--max-items=3");

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task Images_in_JSON_get_their_classes_scores_and_logits()
    {
        var (status, body) = await _server.PostAsync(Path, $$"""{"model":"{{SmallClassifier.Name}}","images":["{{Base64("420.jpg")}}","{{Base64("rgb.png")}}"],"top_k":3,"logits":true}""");
        Assert.Equal(200, status);
        Assert.Equal(SmallClassifier.Name, body.GetProperty("model").GetString());
        AssertRight("420.jpg", body.GetProperty("predictions")[0], 3, hasLogits: true);
        AssertRight("rgb.png", body.GetProperty("predictions")[1], 3, hasLogits: true);
        Assert.Equal(2, body.GetProperty("predictions").GetArrayLength());
    }

    [Fact]
    public async Task One_image_is_enough_and_five_classes_are_usual()
    {
        var (status, body) = await _server.PostAsync(Path, $$"""{"image":"{{Base64("444.jpg")}}"}""");
        Assert.Equal(200, status);
        AssertRight("444.jpg", body.GetProperty("predictions")[0], 5, hasLogits: false);
    }

    [Theory]
    [InlineData("data:image/jpeg;base64,", false)]
    [InlineData("", true)]
    public async Task Base64_comes_as_clients_write_it(string before, bool escapesSlashes)
    {
        var text = before + Base64("420.jpg");
        Assert.Contains("/", text);
        var (status, body) = await _server.PostAsync(Path, $$"""{"images":"{{(escapesSlashes ? text.Replace("/", "\\/") : text)}}"}""");
        Assert.Equal(200, status);
        AssertRight("420.jpg", body.GetProperty("predictions")[0], 5, hasLogits: false);
    }

    [Theory]
    [InlineData("420.jpg", "image/jpeg")]
    [InlineData("rgb.png", "image/png")]
    [InlineData("rgb.png", "application/octet-stream")]
    public async Task A_file_may_be_the_body(string name, string type)
    {
        using var content = new ByteArrayContent(RecordedImages.Read(name)) { Headers = { ContentType = new MediaTypeHeaderValue(type) } };
        using var response = await _server.Client.PostAsync($"{Path}?top_k=2&logits=true", content, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        AssertRight(name, JsonElement.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).GetProperty("predictions")[0], 2, hasLogits: true);
        Assert.Contains("input;dur=", response.Headers.GetValues("Server-Timing").Single(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_form_may_hold_files_and_fields_in_any_order()
    {
        using var form = new MultipartFormDataContent
        {
            { new ByteArrayContent(RecordedImages.Read("420.jpg")), "image", "a.jpg" },
            { new StringContent("4"), "top_k" },
            { new ByteArrayContent(RecordedImages.Read("grey.png")) { Headers = { ContentType = new MediaTypeHeaderValue("image/png") } }, "second" },
        };
        using var response = await _server.Client.PostAsync(Path, form, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.IsSuccessStatusCode, text);
        var predictions = JsonElement.Parse(text).GetProperty("predictions");
        Assert.Equal(2, predictions.GetArrayLength());
        AssertRight("420.jpg", predictions[0], 4, hasLogits: false);
        AssertRight("grey.png", predictions[1], 4, hasLogits: false);
    }

    [Theory]
    [InlineData("[]", 400, "must be a JSON object")]
    [InlineData("{}", 400, "must hold an image, or images, in base64")]
    [InlineData("""{"images":[]}""", 400, "must not be empty")]
    [InlineData("""{"images":[7]}""", 400, "string in base64, or an array of such strings")]
    [InlineData("""{"images":{"b64":"a"}}""", 400, "string in base64, or an array of such strings")]
    [InlineData("""{"image":"a","images":["a"]}""", 400, "either image or images")]
    [InlineData("""{"image":"%%%"}""", 400, "base64 (RFC 4648, 4), padded")]
    [InlineData("""{"image":""}""", 400, "The image is empty")]
    [InlineData("""{"image":"aGVsbG8="}""", 400, "is of no format that this server reads (JPEG, PNG, WebP)")]
    [InlineData("""{"image":"a","top_k":0}""", 400, "top_k must be a whole number greater than 0")]
    [InlineData("""{"image":"a","top_k":"five"}""", 400, "top_k must be a whole number")]
    [InlineData("""{"image":"a","top_k":41}""", 400, "gives 40 classes")]
    [InlineData("""{"image":"a","logits":1}""", 400, "logits must be true or false")]
    [InlineData("""{"image":"a","model":"resnet"}""", 404, "'resnet' does not exist")]
    [InlineData("""{"image":"a","model":7}""", 400, "model must be a string")]
    [InlineData("""{"image":"a" """, 400, "not valid JSON")]
    public async Task What_is_wrong_is_said(string body, int due, string message)
    {
        var (status, answer) = await _server.PostAsync(Path, body);
        Assert.Equal(due, status);
        Assert.Contains(message, answer.GetProperty("error").GetProperty("message").GetString());
    }

    [Fact]
    public async Task A_bad_image_names_its_place_and_no_more_than_the_limit_are_taken()
    {
        var good = Base64("420.jpg");
        var (status, body) = await _server.PostAsync(Path, $$"""{"images":["{{good}}","{{Convert.ToBase64String(RecordedImages.Read("bitmap.bmp"))}}"]}""");
        Assert.Equal(400, status);
        Assert.Contains("The image images[1] is of no format", body.GetProperty("error").GetProperty("message").GetString());
        (status, body) = await _server.PostAsync(Path, $$"""{"images":[{{string.Join(',', Enumerable.Repeat($"\"{good}\"", 4))}}]}""");
        Assert.Equal(400, status);
        Assert.Contains("more than 3 items", body.GetProperty("error").GetProperty("message").GetString());
    }

    [Theory]
    [InlineData("multipart/form-data", "--x\r\n\r\n")]
    [InlineData("multipart/form-data; boundary=x", "nothing")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--x--\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=a; filename=b\r\n\r\n")]
    [InlineData("multipart/form-data; boundary=x", "--x")]
    [InlineData("multipart/form-data; boundary=x", "--x--")]
    public async Task Forms_that_are_none_are_refused(string type, string body)
    {
        using var content = new ByteArrayContent(Encoding.Latin1.GetBytes(body));
        content.Headers.TryAddWithoutValidation("Content-Type", type);
        using var response = await _server.Client.PostAsync(Path, content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
    }

    [Fact]
    public async Task An_error_repeats_no_more_than_a_little_of_what_was_sent()
    {
        var (status, body) = await _server.PostAsync(Path, $$"""{"image":"a","model":"{{new string('m', 100_000)}}"}""");
        Assert.Equal(404, status);
        Assert.Equal(1024 + "...".Length, body.GetProperty("error").GetProperty("message").GetString()!.Length);
    }

    [Fact]
    public async Task A_part_without_an_empty_line_after_its_headers_is_refused_beside_a_whole_one()
    {
        const string Whole = "--x\r\nContent-Disposition: form-data; name=image; filename=a.jpg\r\n\r\n";
        using var content = new ByteArrayContent([.. Encoding.Latin1.GetBytes(Whole), .. RecordedImages.Read("420.jpg"), .. "\r\n--x\r\nContent-Disposition: form-data; name=top_k\r\n3\r\n--x--\r\n"u8]);
        content.Headers.TryAddWithoutValidation("Content-Type", "multipart/form-data; boundary=x");
        using var response = await _server.Client.PostAsync(Path, content, TestContext.Current.CancellationToken);
        Assert.Equal(400, (int)response.StatusCode);
        Assert.Contains("no empty line after its headers", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Requests_that_come_together_are_answered_as_alone()
    {
        string[] names = ["420.jpg", "444.jpg", "rgb.png", "grey.jpg", "tall.jpg", "wide.jpg"];
        await Parallel.ForEachAsync(Enumerable.Range(0, 120), new ParallelOptions { MaxDegreeOfParallelism = 24 }, async (i, _) =>
        {
            var name = names[i % names.Length];
            var (status, body) = await _server.PostAsync(Path, $$"""{"image":"{{Base64(name)}}","logits":true}""");
            Assert.Equal(200, status);
            AssertRight(name, body.GetProperty("predictions")[0], 5, hasLogits: true);
        });
        Assert.Equal(120, await _server.CounterAsync("servebench_inferences_total"));
        Assert.Contains("servebench_requests_total{protocol=\"classify\",outcome=\"success\"} 120", await _server.Client.GetStringAsync("/metrics", TestContext.Current.CancellationToken));
    }

    private static string Base64(string name) => Convert.ToBase64String(RecordedImages.Read(name));

    private void AssertRight(string image, JsonElement prediction, int top, bool hasLogits)
    {
        var logits = model.Run(image);
        var sum = logits.Sum(l => Math.Exp(l));
        var due = logits.Select((l, c) => (Class: c, Score: Math.Exp(l) / sum)).OrderByDescending(c => c.Score).Take(top).ToArray();
        Assert.Equal(due.Select(d => d.Class), prediction.GetProperty("classes").EnumerateArray().Select(c => c.GetInt32()));
        Assert.All(due.Zip(prediction.GetProperty("scores").EnumerateArray()), pair => Assert.Equal(pair.First.Score, pair.Second.GetDouble(), 1e-5));
        Assert.Equal(hasLogits, prediction.TryGetProperty("logits", out var all));
        if (hasLogits) Assert.All(logits.Zip(all.EnumerateArray()), pair => Assert.Equal(pair.First, pair.Second.GetSingle(), 1e-4f));
    }
}
