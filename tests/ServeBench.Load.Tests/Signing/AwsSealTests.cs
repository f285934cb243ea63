using System.Globalization;
using System.Security.Cryptography;
using ServeBench.Domain.Targets;
using ServeBench.Load.Signing;

namespace ServeBench.Load.Tests.Signing;

public sealed class AwsSealTests
{
    private static readonly AwsSigning Documented = new("us-east-1", "service", "AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY", null);
    private static readonly DateTimeOffset Then = new(2015, 8, 30, 12, 36, 0, TimeSpan.Zero);

    /// <summary>The case post-x-www-form-urlencoded of the suite that AWS publishes for those who sign by themselves.</summary>
    [Fact]
    public void A_request_is_signed_as_in_the_published_suite()
    {
        var request = AwsSeal.Sealed(
            Documented, "POST", "/", "example.amazonaws.com", "application/x-www-form-urlencoded", "POST / HTTP/1.1\r\n"u8.ToArray(), "Param1=value1"u8.ToArray(), 1);
        request.Seal!.Sign(request.Bytes, Then);
        var text = System.Text.Encoding.ASCII.GetString(request.Bytes);
        Assert.Contains("X-Amz-Date: 20150830T123600Z\r\n", text, StringComparison.Ordinal);
        Assert.Contains(
            "Authorization: AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=content-type;host;x-amz-date, "
                + "Signature=ff11897932ad3f4e8b18135d722051e5ac45fc38421b1da7b9d196a0fe09473a\r\n",
            text,
            StringComparison.Ordinal);
        Assert.EndsWith("Content-Length: 13\r\n\r\nParam1=value1", text, StringComparison.Ordinal);
    }

    /// <summary>Over two days and with a session's token, against signatures made the long way round.</summary>
    [Theory]
    [InlineData("/endpoints/mine/invocations", "2026-12-01T23:59:59Z", null)]
    [InlineData("/endpoints/mine/invocations", "2026-12-02T00:00:00Z", null)]
    [InlineData("/endpoints/m%20e/invocations?b=2&a=1", "2026-12-02T00:00:01Z", "the session's token")]
    public void Signatures_are_those_of_the_time_of_sending(string path, string time, string? token)
    {
        var signing = new AwsSigning("eu-central-1", "sagemaker", "AKIDEXAMPLE", "another/secret", token);
        var body = "{\"input\": []}"u8.ToArray();
        var request = AwsSeal.Sealed(signing, "POST", path, "runtime.test", "application/json", "POST x HTTP/1.1\r\n"u8.ToArray(), body, 1);
        foreach (var at in (string[])["2026-11-30T00:00:00Z", time])
        {
            request.Seal!.Sign(request.Bytes, DateTimeOffset.Parse(at, CultureInfo.InvariantCulture));
        }
        var text = System.Text.Encoding.ASCII.GetString(request.Bytes);
        var expected = Signed(signing, path, "runtime.test", "application/json", body, DateTimeOffset.Parse(time, CultureInfo.InvariantCulture));
        Assert.Contains($"Signature={expected}\r\n", text, StringComparison.Ordinal);
        Assert.Equal(token is not null, text.Contains("X-Amz-Security-Token: the session's token\r\n", StringComparison.Ordinal));
        Assert.DoesNotContain("another/secret", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_signs_shows_no_secret() =>
        Assert.Equal("AWS Signature Version 4, service in us-east-1", $"{Documented}");

    private static string Signed(AwsSigning signing, string path, string host, string contentType, byte[] body, DateTimeOffset now)
    {
        var (time, date) = (now.UtcDateTime.ToString("yyyyMMddTHHmmssZ", CultureInfo.InvariantCulture), now.UtcDateTime.ToString("yyyyMMdd", CultureInfo.InvariantCulture));
        var parts = path.Split('?');
        var resource = parts[0].Replace("%", "%25", StringComparison.Ordinal);
        var query = parts.Length == 1 ? "" : string.Join('&', parts[1].Split('&').Order(StringComparer.Ordinal));
        var (tokenLine, tokenName) = signing.SessionToken is null ? ("", "") : ($"x-amz-security-token:{signing.SessionToken}\n", ";x-amz-security-token");
        var canonical = $"POST\n{resource}\n{query}\ncontent-type:{contentType}\nhost:{host}\nx-amz-date:{time}\n{tokenLine}\n"
            + $"content-type;host;x-amz-date{tokenName}\n{Hex(SHA256.HashData(body))}";
        var scope = $"{date}/{signing.Region}/{signing.Service}/aws4_request";
        var toSign = $"AWS4-HMAC-SHA256\n{time}\n{scope}\n{Hex(SHA256.HashData(Bytes(canonical)))}";
        var key = new[] { date, signing.Region, signing.Service, "aws4_request" }.Aggregate(Bytes("AWS4" + signing.SecretKey), (k, part) => HMACSHA256.HashData(k, Bytes(part)));
        return Hex(HMACSHA256.HashData(key, Bytes(toSign)));
    }

    private static byte[] Bytes(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static string Hex(byte[] bytes) => Convert.ToHexStringLower(bytes);
}
