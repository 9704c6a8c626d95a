using System.ComponentModel.DataAnnotations;
using Bus.Core.Client;
using Bus.Core.Context;
using Bus.Core.Contracts;
using Bus.Core.Hosting;
using Bus.Tests.Client;

namespace Bus.Tests.Contracts;

/// <summary>Validation attributes on the parameters of a contract.</summary>
public sealed class ContractRuleTests
{
    [Fact]
    public async Task What_an_attribute_refuses_is_a_bad_request_with_its_text_and_is_not_carried_out()
    {
        await using var node = await BusNode.StartAsync().Guard();
        var shop = new Shop();
        await using var service = await node.Bus.ServeAsync<IShop>(shop).Guard();
        var client = node.Bus.Contract<IShop>();

        await client.OrderAsync("tea", 10).Guard();
        await client.OrderAsync("tea").Guard();
        await client.FindAsync("x").Guard();
        await client.FindAsync("").Guard();
        await client.PackAsync(null).Guard();
        Assert.Equal(["order tea 10", "order tea 1", "find x", "find ", "pack "], shop.Done);

        await RefusedAsync("The value 'number' of the method 'shop.order' is refused: The field number must be between 1 and 100.", () => client.OrderAsync("tea", 101));
        await RefusedAsync("The value 'item' of the method 'shop.order' is refused: 1 to 5 letters", () => client.OrderAsync("coffee", 1));
        await RefusedAsync("The value 'item' of the method 'shop.order' is refused: call 'order' wants no coal", () => client.OrderAsync("coal", 1));
        await RefusedAsync("The value 'text' of the method 'shop.find' is refused: The field text must be a string or array type with a maximum length of '3'.", () => client.FindAsync("four"));
        await RefusedAsync("The value 'size' of the method 'shop.pack' is refused: The size field does not equal any of the values specified in AllowedValuesAttribute.", () => client.PackAsync("XL"));
        Assert.Equal(5, shop.Done.Count);

        static async Task RefusedAsync(string text, Func<Task> call)
        {
            var error = await Assert.ThrowsAsync<RemoteErrorException>(() => call().Guard());
            Assert.Equal((400, BusErrors.BadRequest, text), (error.Code, error.Error, error.Text));
        }
    }

    [Fact]
    public async Task Null_is_refused_whatever_the_attributes_say_of_it()
    {
        await using var node = await BusNode.StartAsync().Guard();
        await using var service = await node.Bus.ServeAsync<IShop>(new Shop()).Guard();
        var error = await Assert.ThrowsAsync<RemoteErrorException>(() => node.Bus.RequestAsync<string, string>("shop.order", """{"item":null}""").Guard());
        Assert.Equal((400, "The value 'item' of the method 'shop.order' must not be null."), (error.Code, error.Text));
    }

    /// <summary>A rule of one's own, which sees the call.</summary>
    [AttributeUsage(AttributeTargets.Parameter)]
    internal sealed class NotAttribute(string refused) : ValidationAttribute
    {
        public override bool RequiresValidationContext => true;

        protected override ValidationResult? IsValid(object? value, ValidationContext validationContext) =>
            Equals(value, refused) ? new ValidationResult($"call '{((CallContext)validationContext.ObjectInstance).Method}' wants no {refused}") : ValidationResult.Success;
    }

    private sealed class Shop : IShop
    {
        public List<string> Done { get; } = [];

        public Task OrderAsync(string item, int number = 1) => Do($"order {item} {number}");

        public Task FindAsync(string text) => Do($"find {text}");

        public Task PackAsync(string? size = null) => Do($"pack {size}");

        private Task Do(string what)
        {
            Done.Add(what);
            return Task.CompletedTask;
        }
    }
}

[BusContract("shop")]
internal partial interface IShop
{
    Task OrderAsync([StringLength(5, MinimumLength = 1, ErrorMessage = "1 to 5 letters"), ContractRuleTests.Not("coal")] string item, [Range(1, 100)] int number = 1);

    Task FindAsync([MaxLength(3)] string text);

    Task PackAsync([AllowedValues("S", "M", null)] string? size = null);
}
