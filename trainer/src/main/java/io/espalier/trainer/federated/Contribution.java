package io.espalier.trainer.federated;

import io.espalier.masks.MaskSet;
import io.espalier.masks.federated.NestedSlice;

/**
 * The result of one client with the masks that it worked under, both in the layout of its network.
 *
 * @param holds masks of the global network, or the part of them that the device can hold
 * @param slice position of the client's network in the global one
 */
public record Contribution(String client, MaskSet holds, NestedSlice slice, ClientResult result) {}
