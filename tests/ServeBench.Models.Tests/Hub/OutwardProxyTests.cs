using System.Net;
using ServeBench.Domain.Models;
using ServeBench.Models.Hub;
using ServeBench.Models.Tests.Support;

namespace ServeBench.Models.Tests.Hub;

public sealed class OutwardProxyTests
{
    [Theory]
    [InlineData("http://127.0.0.1:8080/x")]
    [InlineData("http://localhost/x")]
    [InlineData("http://127.9.9.9/x")]
    [InlineData("http://[::1]:81/x")]
    public void What_is_for_this_machine_goes_straight_there(string address)
    {
        var proxy = new OutwardProxy(new WebProxy("http://127.0.0.1:1"));
        Assert.True(proxy.IsBypassed(new Uri(address)));
        Assert.Null(proxy.GetProxy(new Uri(address)));
    }

    [Fact]
    public void Other_addresses_go_where_the_environment_says()
    {
        var proxy = new OutwardProxy(new WebProxy("http://127.0.0.1:1", BypassOnLocal: false, ["inner\\.example"]));
        Assert.Equal(new Uri("http://127.0.0.1:1"), proxy.GetProxy(new Uri("https://hub.example/x")));
        Assert.False(proxy.IsBypassed(new Uri("https://hub.example/x")));
        Assert.True(proxy.IsBypassed(new Uri("https://inner.example/x")));
    }

    /// <summary>A mirror on this machine, with a proxy that nothing listens at.</summary>
    [Fact]
    public async Task A_mirror_on_this_machine_is_reached_whatever_proxy_there_is()
    {
        await using var hub = new TinyHub { Environment = s => s with { Proxy = new WebProxy("http://127.0.0.1:1") } };
        Assert.Equal(WeightsSource.Pretrained, (await hub.PrepareAsync()).Weights);
    }
}
