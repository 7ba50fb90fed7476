package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;

/**
 * The result of one client with the masks that it worked under.
 *
 * @param holds those of the global network, or a part of them that the device can hold
 */
public record Contribution(String client, MaskSet holds, ClientResult result) {}
