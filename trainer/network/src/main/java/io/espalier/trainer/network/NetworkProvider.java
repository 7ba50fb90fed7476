package io.espalier.trainer.network;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMember;

/** A network that recipes name, as {@code model { kind = NAME }}. */
public interface NetworkProvider extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.NETWORK;
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
