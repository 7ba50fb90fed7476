package io.espalier.masks.selection;

import io.espalier.configs.MemberSettings;
import io.espalier.configs.custom.BuiltInMembers;
import io.espalier.configs.custom.CustomFamily;
import io.espalier.configs.custom.CustomMembers;
import java.util.List;

/** The built-in selections, and those of users by their name. */
public final class Selections implements BuiltInMembers {
  @Override
  public List<SelectionProvider> list() {
    return List.of(new FreeSelection(), new RowSelection(), new ConnectedSelection());
  }

  public static Selection of(MemberSettings settings) {
    SelectionProvider provider =
        CustomMembers.require(CustomFamily.SELECTION, settings, SelectionProvider.class);
    return CustomMembers.isBuiltIn(provider)
        ? provider.create(settings)
        : CustomSelection.of(provider, settings);
  }
}
