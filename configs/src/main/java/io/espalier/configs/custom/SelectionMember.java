package io.espalier.configs.custom;

/** A selection as far as recipes are concerned. */
public interface SelectionMember extends CustomMember {
  @Override
  default CustomFamily family() {
    return CustomFamily.SELECTION;
  }

  /** Whether any units may be kept together: the best ones, wherever they are. */
  default boolean isFree() {
    return false;
  }
}
