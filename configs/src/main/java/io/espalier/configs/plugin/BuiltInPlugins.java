package io.espalier.configs.plugin;

import java.util.List;

/**
 * The plug-ins of a kind that ship with Espalier, listed in {@code
 * META-INF/services/io.espalier.configs.plugin.BuiltInPlugins}; they may be package-private.
 */
public interface BuiltInPlugins {
  /** All plug-ins, in the order in which messages name them. */
  List<? extends Plugin> list();
}
