using ServeBench.OnnxServer.Tests.Support;

namespace ServeBench.OnnxServer.Tests.Protocols;

/// <summary>Members that may be left out may be null, members that are not known are passed over, and what would change the answer is refused.</summary>
public sealed class OptionalMemberTests(SharedServer shared) : IClassFixture<SharedServer>
{
    private const string Infer = $"/v2/models/{PreparedMiniLm.Name}/infer";

    private readonly RunningServer _server = shared.Server;

    [Theory]
    [InlineData("/v1/embeddings", """{"input":"a","model":null,"encoding_format":null,"dimensions":null,"user":null}""")]
    [InlineData("/v1/embeddings", """{"input":"a","extra_body":{"x":[1,{"y":null}]},"user":"u","metadata":{}}""")]
    [InlineData("/embed", """{"inputs":"a","normalize":null,"truncate":null,"truncation_direction":null,"dimensions":null,"prompt_name":null,"parameters":null}""")]
    [InlineData("/", """{"inputs":["a"],"parameters":{"normalize":true,"truncate":true,"truncation_direction":"Right"},"options":{"wait_for_model":true}}""")]
    [InlineData(Infer, """{"id":null,"parameters":null,"outputs":null,"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"],"parameters":null}]}""")]
    [InlineData(Infer, """{"outputs":[{"name":"embedding","parameters":null}],"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"],"parameters":{"binary_data_size":null}}]}""")]
    [InlineData(Infer, """{"parameters":{"binary_data_output":null,"classification":null},"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}]}""")]
    [InlineData(Infer, """{"parameters":{"priority":1,"timeout":1000000,"sequence_id":1,"sequence_start":true,"sequence_end":true},"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}]}""")]
    [InlineData(Infer, """{"parameters":{"content_type":"str","headers":{"a":"b"}},"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"],"parameters":{"content_type":"str"}}]}""")]
    [InlineData(Infer, """{"model_name":"x","raw_input_contents":[],"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"],"nothing":{}}]}""")]
    public async Task Are_answered(string path, string body) => Assert.Equal(200, (await _server.PostAsync(path, body)).Status);

    [Theory]
    [InlineData("/v1/embeddings", """{"input":null}""", "input must be")]
    [InlineData("/embed", """{"inputs":null}""", "inputs must be")]
    [InlineData("/embed", """{"inputs":"a","parameters":{"normalize":false}}""", "normalised embeddings only")]
    [InlineData("/embed", """{"inputs":"a","parameters":{"prompt_name":"query"}}""", "has no prompts")]
    [InlineData("/embed", """{"inputs":"a","parameters":[]}""", "parameters must be an object")]
    [InlineData(Infer, """{"inputs":null}""", "inputs must be an array")]
    [InlineData(Infer, """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":null}]}""", "must have either data or the parameter binary_data_size")]
    [InlineData(Infer, """{"inputs":[{"name":null,"datatype":"BYTES","shape":[1],"data":["a"]}]}""", "a name must be one of")]
    [InlineData(Infer, """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}],"outputs":[{"name":"embedding","parameters":{"classification":2}}]}""", "'classification' is not supported")]
    [InlineData(Infer, """{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,2],"parameters":{"shared_memory_region":"r","shared_memory_byte_size":16}}]}""", "'shared_memory_region' is not supported")]
    [InlineData(Infer, """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}],"outputs":[{"name":"embedding","parameters":{"shared_memory_offset":0}}]}""", "'shared_memory_offset' is not supported")]
    [InlineData(Infer, """{"parameters":{"normalize":false},"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"]}]}""", "'normalize' is not known; leave it out, or use one of")]
    [InlineData(Infer, """{"inputs":[{"name":"text","datatype":"BYTES","shape":[1],"data":["a"],"parameters":{"truncate":true}}]}""", "'truncate' is not known")]
    [InlineData(Infer, """{"parameters":{"timeout":"soon"},"inputs":[]}""", "'timeout' must be a whole number of 0 or more")]
    [InlineData(Infer, """{"parameters":{"timeout":-1},"inputs":[]}""", "'timeout' must be a whole number of 0 or more")]
    [InlineData(Infer, """{"inputs":[{"name":"input_ids","datatype":"INT64","shape":[1,1],"parameters":{"binary_data_size":4294967304}}]}""", "more than any body")]
    public async Task Are_refused(string path, string body, string problem)
    {
        var (status, answer) = await _server.PostAsync(path, body);
        Assert.Equal(400, status);
        Assert.Contains(problem, answer.GetRawText().Replace("\\u0027", "'"), StringComparison.Ordinal);
    }
}
