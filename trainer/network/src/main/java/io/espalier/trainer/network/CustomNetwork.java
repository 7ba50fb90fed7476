package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;

/** A network of a user's class; errors name it. */
final class CustomNetwork {
  private CustomNetwork() {}

  /**
   * Builds the network and requires that it fits the data.
   *
   * @throws InvalidConfigException naming the class
   */
  static Network build(MemberSettings settings, ImageShape input, DataSizes sizes) {
    NetworkProvider provider =
        PluginRegistry.require(PluginKind.NETWORK, settings, NetworkProvider.class);
    PluginGuard code = PluginGuard.of(provider);
    Network network =
        code.prepare(
            "be built for examples of " + input,
            () -> built(code, provider, settings, input, sizes));
    return code.prepare(
        "fit the data",
        () -> {
          requireFit(code, network, input, sizes.classes());
          return network;
        });
  }

  private static Network built(
      PluginGuard code,
      NetworkProvider provider,
      MemberSettings settings,
      ImageShape input,
      DataSizes sizes) {
    try {
      return provider.build(settings, input, sizes);
    } catch (TensorShape.MismatchException e) {
      throw code.broken("fit examples of %s: %s".formatted(input, e.getMessage()));
    }
  }

  private static void requireFit(PluginGuard code, Network network, ImageShape input, int classes) {
    if (!network.input().equals(input)) {
      throw code.broken(
          "read examples as they are: input=%s, examples=%s".formatted(network.input(), input));
    }
    TensorShape output = network.output();
    if (output.channels() != classes || !(output.isVector() || output.isSequence())) {
      throw code.broken(
          "end with a layer that gives one value per class: output=%s, classes=%d"
              .formatted(output, classes));
    }
  }
}
