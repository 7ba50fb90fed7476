package io.espalier.trainer.network;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.Plugin;
import io.espalier.configs.plugin.PluginKind;

/** A network that recipes name, as {@code model { kind = NAME }}. */
public interface NetworkProvider extends Plugin {
  @Override
  default PluginKind kind() {
    return PluginKind.NETWORK;
  }

  /**
   * Builds the network, most simply by a {@link NetworkBuilder}; equal arguments must give equal
   * networks. Model files store its layers, so only runs need this class.
   *
   * @param input the shape of examples
   * @param outputs tokens of texts, and the classes: the last layer must give one value for each
   */
  Network build(MemberSettings settings, ImageShape input, DataSizes outputs);
}
