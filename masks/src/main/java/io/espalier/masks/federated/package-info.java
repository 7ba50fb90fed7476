/** Federated pruning: aggregation, FedTiny adjustment, nested masks and update encodings. */
package io.espalier.masks.federated;
