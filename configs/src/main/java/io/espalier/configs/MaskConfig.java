package io.espalier.configs;

/**
 * How masks act on the weights that they prune: the member of the family that the recipe names, and
 * what its provider says about it.
 */
public record MaskConfig(MemberSettings member, MaskTraits traits) {
  @Override
  public String toString() {
    return member.toString();
  }
}
