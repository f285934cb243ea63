namespace ServeBench.Domain.Targets;

/// <summary>With what requests to a service of AWS are signed (Signature Version 4). Nothing that shows it has the secrets.</summary>
/// <param name="region">For example <c>eu-central-1</c>.</param>
/// <param name="service">The name in the signature's scope: <c>sagemaker</c>.</param>
/// <param name="accessKey">The id of the key.</param>
/// <param name="secretKey">The key.</param>
/// <param name="sessionToken">Of temporary credentials; null for others.</param>
public sealed class AwsSigning(string region, string service, string accessKey, string secretKey, string? sessionToken)
{
    public string Region => region;

    public string Service => service;

    public string AccessKey => accessKey;

    public string SecretKey => secretKey;

    public string? SessionToken => sessionToken;

    /// <summary>Without the secrets.</summary>
    public override string ToString() => $"AWS Signature Version 4, {service} in {region}";
}
