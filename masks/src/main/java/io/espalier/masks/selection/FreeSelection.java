package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;

/** The best units of each parameter, wherever they are. */
final class FreeSelection implements SelectionProvider {
  @Override
  public String name() {
    return "free";
  }

  @Override
  public boolean isFree() {
    return true;
  }

  @Override
  public Selection create(MemberSettings settings) {
    return (ranking, parameters, counts) -> ranking.top(counts);
  }
}
