"""Data-parallel training with torch.distributed: every process learns from its part, and gradients are averaged (gloo)."""

import argparse

import mlflow
import torch
import torch.distributed as dist
from sklearn.datasets import load_digits
from torch.nn.parallel import DistributedDataParallel


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--node", default="0")
    args = parser.parse_args()
    dist.init_process_group("gloo")  # MASTER_ADDR, MASTER_PORT, RANK and WORLD_SIZE are set for every process
    rank, world = dist.get_rank(), dist.get_world_size()
    torch.manual_seed(0)
    torch.set_num_threads(1)
    images, labels = load_digits(return_X_y=True)
    images = torch.tensor(images, dtype=torch.float32) / 16
    labels = torch.tensor(labels)
    order = torch.randperm(len(images))
    train, test = order[:1400], order[1400:]
    mine = train[rank::world]
    print(f"rank {rank} of {world} on node {args.node} learns from {len(mine)} images", flush=True)
    model = DistributedDataParallel(torch.nn.Linear(64, 10))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for epoch in range(args.epochs):
        for batch in mine.split(50):
            optimizer.zero_grad()
            torch.nn.functional.cross_entropy(model(images[batch]), labels[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = (model(images[test]).argmax(1) == labels[test]).float().mean().item()
        if rank == 0:
            mlflow.log_metric("test_accuracy", right, step=epoch)
    same = [torch.zeros_like(model.module.weight) for _ in range(world)]
    dist.all_gather(same, model.module.weight.data)
    assert all(torch.equal(each, same[0]) for each in same), "the processes ended with different models"
    if rank == 0:
        print(f"test accuracy {right:.3f}")
        torch.save(model.module.state_dict(), "outputs/digits.pt")
    dist.destroy_process_group()


if __name__ == "__main__":
    main()
