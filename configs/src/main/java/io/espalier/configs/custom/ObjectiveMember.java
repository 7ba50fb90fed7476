package io.espalier.configs.custom;

/** An objective as far as recipes are concerned. */
public interface ObjectiveMember extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.OBJECTIVE;
  }

  /** Whether it trains each transformer block by itself instead of the whole network. */
  default boolean trainsBlocks() {
    return false;
  }
}
