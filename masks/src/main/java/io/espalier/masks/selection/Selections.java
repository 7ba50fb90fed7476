package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.plugin.BuiltInPlugins;
import io.espalier.configs.plugin.PluginKind;
import io.espalier.configs.plugin.PluginRegistry;
import java.util.List;

/** The built-in selections, and those of users by their name. */
public final class Selections implements BuiltInPlugins {
  @Override
  public List<SelectionProvider> list() {
    return List.of(new FreeSelection(), new RowSelection(), new ConnectedSelection());
  }

  public static Selection of(MemberSettings settings) {
    return PluginRegistry.create(
        PluginKind.SELECTION,
        settings,
        SelectionProvider.class,
        provider -> provider.create(settings),
        SelectionChecks::around);
  }
}
