using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using ServeBench.OnnxServer.Protocols.Grpc;
using ServeBench.OnnxServer.Serving;

namespace ServeBench.OnnxServer.Tests.Grpc;

/// <summary>A stream whose client is silent ends with the deadline of its call, and when the server is about to end.</summary>
public sealed class StreamEndTests : IDisposable
{
    private readonly RequestGate _gate = new();
    private readonly Pipe _body = new();

    [Fact]
    public async Task It_ends_with_the_deadline_of_its_call() => Assert.Equal("4", await StatusAsync("50m"));

    [Fact]
    public async Task It_ends_when_the_server_is_about_to_end()
    {
        var status = StatusAsync("1H");
        Assert.False(status.IsCompleted);
        await _gate.CloseAsync();
        Assert.Equal("14", await status);
        Assert.Equal("14", await StatusAsync("1H"));
    }

    [Fact]
    public async Task It_ends_well_with_the_last_message()
    {
        await _body.Writer.WriteAsync(new byte[] { 0, 0, 0, 0, 1, 7 }, TestContext.Current.CancellationToken);
        await _body.Writer.CompleteAsync();
        var taken = new List<byte[]>();
        var context = Context("99999999H");
        await new GrpcStream(_gate, 1000, TimeProvider.System).HandleAsync(context, (message, _) =>
        {
            taken.Add(message);
            return default;
        });
        Assert.Equal([7], Assert.Single(taken));
        Assert.Equal("0", context.Features.GetRequiredFeature<IHttpResponseTrailersFeature>().Trailers["grpc-status"].ToString());
    }

    public void Dispose() => _gate.Dispose();

    private async Task<string> StatusAsync(string timeout)
    {
        var context = Context(timeout);
        await new GrpcStream(_gate, 1000, TimeProvider.System).HandleAsync(context, (_, _) => default)
            .WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
        return context.Response.Headers["grpc-status"].ToString();
    }

    private DefaultHttpContext Context(string timeout)
    {
        var context = new DefaultHttpContext { Request = { Headers = { ["grpc-timeout"] = timeout } } };
        context.Features.Set<IRequestBodyPipeFeature>(new Body(_body.Reader));
        context.Features.Set<IHttpResponseTrailersFeature>(new Trailers());
        return context;
    }

    private sealed class Trailers : IHttpResponseTrailersFeature
    {
        IHeaderDictionary IHttpResponseTrailersFeature.Trailers { get; set; } = new HeaderDictionary();
    }

    private sealed class Body(PipeReader reader) : IRequestBodyPipeFeature
    {
        public PipeReader Reader => reader;
    }
}
