package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.SelectionPlugin;

/** A selection that recipes name. */
public interface SelectionProvider extends SelectionPlugin {
  Selection create(MemberSettings settings);
}
