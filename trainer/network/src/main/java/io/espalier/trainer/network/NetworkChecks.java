package io.espalier.trainer.network;

import io.espalier.configs.InvalidConfigException;
import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.PluginGuard;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;

/** Checks that a network of a user's class fits the data. */
final class NetworkChecks {
  private NetworkChecks() {}

  /**
   * Builds the network and requires that it fits the data.
   *
   * @throws InvalidConfigException naming the class
   */
  static Network build(MemberSettings settings, ImageShape input, DataSizes sizes) {
    NetworkProvider provider =
        PluginRegistry.require(PluginKind.NETWORK, settings, NetworkProvider.class);
    PluginGuard guard = PluginGuard.of(provider);
    Network network =
        guard.prepare(
            "be built for examples of " + input,
            () -> built(guard, provider, settings, input, sizes));
    return guard.prepare(
        "fit the data",
        () -> {
          requireFit(guard, network, input, sizes.classes());
          return network;
        });
  }

  private static Network built(
      PluginGuard guard,
      NetworkProvider provider,
      MemberSettings settings,
      ImageShape input,
      DataSizes sizes) {
    try {
      return provider.build(settings, input, sizes);
    } catch (TensorShape.MismatchException e) {
      throw guard.broken("fit examples of %s: %s".formatted(input, e.getMessage()));
    }
  }

  private static void requireFit(
      PluginGuard guard, Network network, ImageShape input, int classes) {
    if (!network.input().equals(input)) {
      throw guard.broken(
          "read examples as they are: input=%s, examples=%s".formatted(network.input(), input));
    }
    TensorShape output = network.output();
    if (output.channels() != classes || !(output.isVector() || output.isSequence())) {
      throw guard.broken(
          "end with a layer that gives one value per class: output=%s, classes=%d"
              .formatted(output, classes));
    }
  }
}
