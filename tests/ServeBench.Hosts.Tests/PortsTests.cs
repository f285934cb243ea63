using System.Net;
using ServeBench.Domain.Faults;
using ServeBench.Domain.Yaml;

namespace ServeBench.Hosts.Tests;

public sealed class PortsTests
{
    [Theory]
    [InlineData("port: 8000", false, "http=8000")]
    [InlineData("{}", true, "http=free")]
    [InlineData("ports: { http: 8000, grpc: 8001, metrics: 8002 }", false, "http=8000 grpc=8001 metrics=8002")]
    [InlineData("ports: { grpc: free, http: 8000 }", true, "grpc=free http=8000")]
    public void Ports_are_read_by_endpoint(string section, bool mayBeFree, string expected)
    {
        var (ports, faults) = Read(section, mayBeFree);
        faults.ThrowIfAny();
        Assert.Equal(expected, string.Join(' ', ports.Select(p => $"{p.Key}={p.Value?.ToString() ?? "free"}")));
    }

    [Theory]
    [InlineData("{}", false, "stack.yaml:1: port: this key is missing")]
    [InlineData("port: 8000\nports: { http: 8001 }", false, "'port' is given, too")]
    [InlineData("ports: { htpp: 8000 }", false, "Did you mean http?")]
    [InlineData("ports: { http: free }", false, "'free' is not a whole number")]
    [InlineData("ports: { http: 8000, grpc: 8000 }", false, "8000 is the port of http, too")]
    [InlineData("ports: {}", false, "no port is given")]
    public void What_is_wrong_is_told(string section, bool mayBeFree, string fault) =>
        Assert.Contains(fault, string.Join('\n', Assert.Throws<FaultException>(() => Read(section, mayBeFree).Faults.ThrowIfAny()).Faults), StringComparison.Ordinal);

    [Fact]
    public void What_has_no_endpoint_of_its_own_is_asked_at_the_first()
    {
        var (http, grpc) = (new IPEndPoint(IPAddress.Loopback, 1), new IPEndPoint(IPAddress.Loopback, 2));
        var both = new Endpoints(new Dictionary<string, IPEndPoint> { [Endpoints.Grpc] = grpc, [Endpoints.Http] = http });
        Assert.Equal((http, grpc, http), (both[Endpoints.Http], both[Endpoints.Grpc], both[Endpoints.Metrics]));
        var one = new Endpoints(new Dictionary<string, IPEndPoint> { [Endpoints.Grpc] = grpc });
        Assert.Equal((grpc, grpc), (one[Endpoints.Http], one[Endpoints.Metrics]));
        Assert.Throws<ArgumentException>(() => new Endpoints(new Dictionary<string, IPEndPoint>()));
    }

    private static (IReadOnlyDictionary<string, int?> Ports, FaultList Faults) Read(string section, bool mayBeFree)
    {
        var faults = new FaultList();
        var yaml = YamlFile.Parse(section, "stack.yaml", faults)!;
        var ports = Ports.Read(yaml, mayBeFree);
        yaml.Done();
        return (ports, faults);
    }
}
