namespace ServeBench.OnnxServer.Tests.Grpc;

/// <summary>The header grpc-timeout as text.</summary>
public sealed class GrpcTimeoutTests
{
    [Theory]
    [InlineData("1H", 3600)]
    [InlineData("99999999H", 3600)]
    [InlineData("99999999M", 3600)]
    [InlineData("90S", 90)]
    [InlineData("250m", 0.25)]
    [InlineData("99999999n", 0.099999999)]
    public void A_deadline_is_digits_and_a_unit(string text, double seconds)
    {
        Assert.True(OnnxServer.Protocols.Grpc.GrpcTimeout.TryParse(text, out var timeout));
        Assert.Equal(seconds, timeout.TotalSeconds, 1e-6);
    }

    [Theory]
    [InlineData("")]
    [InlineData("S")]
    [InlineData("5")]
    [InlineData("-5S")]
    [InlineData("5 S")]
    [InlineData("999999999S")]
    [InlineData("5d")]
    public void Another_deadline_is_none(string text) => Assert.False(OnnxServer.Protocols.Grpc.GrpcTimeout.TryParse(text, out _));
}
