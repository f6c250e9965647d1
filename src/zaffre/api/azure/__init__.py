"""What the official Azure client asks for beside ARM: where the cloud is, who one is, storage, history."""
